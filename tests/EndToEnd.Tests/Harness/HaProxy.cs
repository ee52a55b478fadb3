using System.Globalization;
using System.Net;

namespace BlueGreen.EndToEnd.Tests.Harness;

/// <summary>HAProxy before a front: it passes bytes on, and tells with the PROXY protocol whose they are.</summary>
public sealed class HaProxy : IAsyncDisposable
{
    private readonly StartedProcess _process;

    private HaProxy(StartedProcess process, IPEndPoint address)
    {
        _process = process;
        Address = address;
    }

    /// <summary>Where its clients connect.</summary>
    public IPEndPoint Address { get; }

    /// <summary>Starts it and waits until it listens and its own check of the front has passed.</summary>
    /// <param name="folder">Takes its configuration.</param>
    /// <param name="front">Where the front listens.</param>
    /// <param name="option">Of the server: <c>send-proxy</c> or <c>send-proxy-v2</c>.</param>
    public static async Task<HaProxy> StartAsync(TestFolder folder, Uri front, string option)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(front);
        var port = FreePort.Find();
        var file = folder.Write(string.Create(CultureInfo.InvariantCulture, $"haproxy-{port}.cfg"), string.Create(CultureInfo.InvariantCulture, $"""
            defaults
                mode tcp
                timeout connect 5s
                timeout client 60s
                timeout server 60s
                timeout check 10s
                option log-health-checks
                option httpchk GET /healthz
                default-server check inter 1s rise 1 fall 3
            listen front
                bind 127.0.0.1:{port}
                server front 127.0.0.1:{front.Port} {option} {(front.Scheme == Uri.UriSchemeHttps ? "check-ssl verify none" : "")}

            """));
        var process = StartedProcess.Start(
            "/usr/sbin/haproxy", ["-db", "-f", file], folder.Root, new Dictionary<string, string> { [TestFolder.Mark] = folder.State });
        var started = new HaProxy(process, new IPEndPoint(IPAddress.Loopback, port));
        await started._process.WaitForLineAsync(line => line.Contains("succeeded, reason: Layer7 check passed", StringComparison.Ordinal));
        return started;
    }

    /// <summary>What it printed; that a check failed, among others.</summary>
    public string Log => _process.ToString();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
