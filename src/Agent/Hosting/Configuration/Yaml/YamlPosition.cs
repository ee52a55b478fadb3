using YamlDotNet.Core;

namespace BlueGreen.Agent.Hosting.Configuration.Yaml;

/// <summary>Where something stands in a file. Both numbers count from 1.</summary>
internal readonly record struct YamlPosition(int Line, int Column)
{
    /// <summary>The parser's mark as a position.</summary>
    public static YamlPosition Of(in Mark mark) => new((int)mark.Line, (int)mark.Column);
}
