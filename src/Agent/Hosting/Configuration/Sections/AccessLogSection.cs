using BlueGreen.Agent.AccessLogs;
using BlueGreen.Agent.Hosting.Configuration.Binding;

namespace BlueGreen.Agent.Hosting.Configuration.Sections;

/// <summary>The keys of an app's <c>accessLog</c>; that it is there, be it empty, is what switches the log on.</summary>
internal static class AccessLogSection
{
    /// <summary>More files than anybody looks through.</summary>
    private const int MostFiles = 1000;

    /// <summary>See <see cref="AccessLogOptions"/>.</summary>
    public static Section<AccessLogOptions> Section { get; } = new()
    {
        { "format", Format, (log, format) => log with { Format = format } },
        { "path", TextReaders.AbsolutePath("a file"), (log, path) => log with { Path = path } },
        { "size", SizeReaders.ZeroOrMore, (log, size) => log with { Size = size } },
        { "keep", NumberReaders.Between(0, MostFiles), (log, keep) => log with { Keep = keep } },
    };

    private static ValueReader<AccessLogFormat> Format =>
        TextReaders.OneOf(("combined", AccessLogFormat.Combined), ("json", AccessLogFormat.Json));
}
