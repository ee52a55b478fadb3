using BlueGreen.Benchmarks.Running;
using BlueGreen.Benchmarks.Traffic;

namespace BlueGreen.Benchmarks.Rows;

/// <summary>Every row, those with the same topology one after the other.</summary>
internal static class RowTable
{
    private const int Kilobyte = 1024;
    private const int Megabyte = 1024 * 1024;
    private static readonly Topology Plain = new();

    /// <summary>The names of all rows.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "get1", "get32", "get256", "close", "post1k", "download", "upload", "websocket", "h2", "idle", "cold", "switch", "switch32",
        "unix32", "unix256", "apps100", "apps1000",
    ];

    /// <summary>The rows.</summary>
    public static IReadOnlyList<Row> Of(Stage stage) =>
    [
        Get("get1", "GET, 1 connection", Plain, new Wrk(1)),
        Get("get32", "GET, 32 connections (and 1 app)", Plain, new Wrk(32)),
        Get("get256", "GET, 256 connections", Plain, new Wrk(256)),
        Get("close", "GET, a connection for each, 32 at once", Plain, new Wrk(32, IsClosing: true)),
        Get("post1k", "POST of 1 KB, 32 connections", Plain, new Wrk(32, Method: "POST", BodyBytes: Kilobyte)),
        Get("download", "GET of 1 MB, 8 connections", Plain, new Wrk(8, Path: "1m")),
        new LoadRow("upload", "POST of 1 MB, 8 connections", Plain, subject => subject.Tool,
            new Wrk(8, "tool/upload", "POST", Megabyte).RunAsync),
        new LoadRow("websocket", "WebSocket echo of 64 bytes, 32 connections", Plain, subject => subject.Tool, new EchoLoad(32, 64).RunAsync),
        new LoadRow("h2", "GET over cleartext HTTP/2, 4 connections of 8 streams", Plain, subject => subject.Http2, new H2Load(4, 8).RunAsync),
        new IdleRow(),
        new ColdRow(stage),
        new SwitchRow("switch", "the second of a switch (bluegreen: a deploy, nginx: a reload), 8 connections with pauses",
            address => new PacedLoad(address, 8, TimeSpan.FromMilliseconds(2))),
        new SwitchRow("switch32", "the same, 32 connections without pauses", address => new PacedLoad(address, 32, TimeSpan.Zero)) { IsQuick = false },
        Get("unix32", "GET, 32 connections, app on a Unix socket", new Topology(IsUnix: true), new Wrk(32)),
        Get("unix256", "GET, 256 connections, app on a Unix socket", new Topology(IsUnix: true), new Wrk(256), isQuick: false),
        Get("apps100", "GET, 32 connections, 100 apps", new Topology(Apps: 100), new Wrk(32), isQuick: false),
        Get("apps1000", "GET, 32 connections, 1,000 apps", new Topology(Apps: 1000), new Wrk(32)),
    ];

    private static LoadRow Get(string name, string title, Topology topology, Wrk wrk, bool isQuick = true) =>
        new(name, title, topology, subject => subject.Address, wrk.RunAsync) { IsQuick = isQuick };
}
