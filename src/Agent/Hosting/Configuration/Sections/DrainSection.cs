using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Hosting.Configuration.Binding;

namespace BlueGreen.Agent.Hosting.Configuration.Sections;

/// <summary>The keys of an app's <c>drain</c>.</summary>
internal static class DrainSection
{
    /// <summary>See <see cref="DrainOptions"/>.</summary>
    public static Section<DrainOptions> Section { get; } = new()
    {
        { "requests", DurationReaders.ZeroOrMore, (drain, requests) => drain with { Requests = requests } },
        { "streams", DurationReaders.ZeroOrMore, (drain, streams) => drain with { Streams = streams } },
        { "stop", DurationReaders.ZeroOrMore, (drain, stop) => drain with { Stop = stop } },
    };
}
