using System.Globalization;
using BlueGreen.Benchmarks.Running;

namespace BlueGreen.Benchmarks.Subjects;

/// <summary>
/// The app behind the proxies: a fast web server, and a tool that takes uploads and echoes WebSockets. Each listens on a port and on a
/// socket. The front starts workers of its own, of the same programs.
/// </summary>
internal sealed class Backends : IAsyncDisposable
{
    private const int DownloadBytes = 1 << 20;
    private readonly TestFolder _folder = new();
    private readonly int _port = FreePort.Find();
    private readonly int _http2Port = FreePort.Find();
    private readonly int _toolPort = FreePort.Find();
    private readonly List<StartedProcess> _processes = [];

    private Backends()
    {
    }

    /// <summary>The web server.</summary>
    public Uri Web => Loopback(_port);

    /// <summary>The same over HTTP/2.</summary>
    public Uri WebHttp2 => Loopback(_http2Port);

    /// <summary>The tool.</summary>
    public Uri Tool => Loopback(_toolPort);

    /// <summary>Starts them.</summary>
    public static async Task<Backends> StartAsync()
    {
        var backends = new Backends();
        try
        {
            await backends.StartAllAsync();
            return backends;
        }
        catch
        {
            await backends.DisposeAsync();
            throw;
        }
    }

    /// <summary>Where the web server is, as the configurations of nginx and HAProxy have it.</summary>
    /// <param name="isUnix">By its socket, else by its port.</param>
    /// <param name="prefix">What stands before the path of a socket.</param>
    public string WebAt(bool isUnix, string prefix) => isUnix ? prefix + _folder.In("web.sock") : Web.Authority;

    /// <summary>The same of the tool.</summary>
    public string ToolAt(bool isUnix, string prefix) => isUnix ? prefix + _folder.In("tool.sock") : Tool.Authority;

    /// <summary>Writes the files that the web server sends.</summary>
    public static void WriteFiles(TestFolder folder) => File.WriteAllBytes(folder.In("1m"), new byte[DownloadBytes]);

    /// <summary>Writes the configuration of a web server.</summary>
    /// <param name="listen">Its listen lines; null leaves them, and its name, for later.</param>
    /// <param name="folder">Where it has its files.</param>
    public static string ConfigurationOf(string? listen, TestFolder folder)
    {
        var values = new Dictionary<string, string>
        {
            ["FOLDER"] = folder.Root,
            ["CORES"] = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture),
        };
        if (listen is not null)
        {
            values["LISTEN"] = listen;
            values["NAME"] = "backend";
        }
        return Template.Fill("backend.conf", values, []);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
            await ProcessEnd.StopAsync(process);
        _folder.Dispose();
    }

    private static Uri Loopback(int port) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));

    private async Task StartAllAsync()
    {
        WriteFiles(_folder);
        var listen = $"listen {Web.Authority} reuseport backlog=4096; listen {WebHttp2.Authority} http2 reuseport; listen unix:{_folder.In("web.sock")} backlog=4096;";
        var configuration = _folder.Write("backend.conf", ConfigurationOf(listen, _folder));
        _processes.Add(StartedProcess.Start("nginx", ["-c", configuration, "-e", "stderr"], _folder.Root));
        foreach (var (port, socket) in new[] { (_toolPort, ""), (0, _folder.In("tool.sock")) })
        {
            var environment = new Dictionary<string, string>
            {
                ["PORT"] = port.ToString(CultureInfo.InvariantCulture),
                ["SOCKET"] = socket,
            };
            _processes.Add(StartedProcess.Start(Environment.ProcessPath!, ["tool"], _folder.Root, environment));
        }
        await Readiness.WaitAsync(Web, _processes[0]);
        await Readiness.WaitAsync(Tool, _processes[1]);
    }
}
