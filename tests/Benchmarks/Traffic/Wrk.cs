using System.Globalization;
using BlueGreen.Benchmarks.Running;

namespace BlueGreen.Benchmarks.Traffic;

/// <summary>A load of HTTP/1.1, made by wrk.</summary>
/// <param name="Connections">Connections at once, each with one request at a time.</param>
/// <param name="Path">What is asked for.</param>
/// <param name="Method">How.</param>
/// <param name="BodyBytes">The size of each request's body.</param>
/// <param name="IsClosing">Each request has a connection of its own.</param>
internal sealed record Wrk(int Connections, string Path = "", string Method = "GET", int BodyBytes = 0, bool IsClosing = false)
{
    private const int Threads = 2;

    /// <summary>Runs it.</summary>
    public async Task<Measurement> RunAsync(Uri address, int seconds)
    {
        List<string> script = [$"method={Method}", $"host={Topology.Host}"];
        if (BodyBytes > 0)
            script.Add($"size={Text(BodyBytes)}");
        if (IsClosing)
            script.Add("close=1");
        return WrkOutput.Parse(await LoadProgram.RunAsync(
            "wrk",
            ["-t", Text(Math.Min(Threads, Connections)), "-c", Text(Connections), "-d", $"{Text(seconds)}s", "--timeout", "10s",
                "-s", Template.PathOf("load.lua"), new Uri(address, Path).AbsoluteUri, "--", .. script]));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
