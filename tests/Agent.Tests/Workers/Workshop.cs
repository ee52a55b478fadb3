using System.Globalization;
using BlueGreen.Agent.Tests.Releases;
using BlueGreen.Agent.Workers;

namespace BlueGreen.Agent.Tests.Workers;

/// <summary>Starts worker processes in a folder of its own and leaves none behind.</summary>
internal sealed class Workshop : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<WorkerProcess> _processes = [];
    private readonly List<Worker> _workers = [];

    public TemporaryFolder Folder => _folder;

    public WorkerLog Log => new(_folder["worker.log"]);

    public string Printed => File.Exists(Log.Path) ? File.ReadAllText(Log.Path) : "";

    /// <summary>Starts a shell script as a worker.</summary>
    public WorkerProcess Start(string script, TimeProvider? time = null) => StartProgram(["/bin/sh", "-c", script], time);

    public WorkerProcess StartProgram(IReadOnlyList<string> arguments, TimeProvider? time = null)
    {
        var process = WorkerProcess.Start(
            arguments, _folder.Path, new Dictionary<string, string?> { ["GREETING"] = "hello" }, Log, time ?? TimeProvider.System);
        _processes.Add(process);
        return process;
    }

    /// <summary>Launches a shell script with an address.</summary>
    public Worker Launch(string script, BindKind bind = BindKind.Tcp, IReadOnlyDictionary<string, string>? environment = null, string socket = "w.sock")
    {
        var worker = new WorkerLauncher(new PortAllocator(), TimeProvider.System).Launch(new WorkerSpec
        {
            Id = "web.1.1",
            Directory = _folder.Path,
            Arguments = _ => ["/bin/sh", "-c", script],
            Environment = environment ?? new Dictionary<string, string>(),
            Bind = bind,
            Log = Log,
            SocketPath = _folder[socket],
        });
        _workers.Add(worker);
        return worker;
    }

    /// <summary>Waits until a whole line with this text has been printed.</summary>
    public Task PrintedAsync(string line) => Eventually.TrueAsync(() => Printed.Split('\n').SkipLast(1).Contains(line));

    /// <summary>Waits for a line NAME=PID and gives the pid.</summary>
    public async Task<int> PidAsync(string name)
    {
        string? Line() => Printed.Split('\n').SkipLast(1).FirstOrDefault(line => line.StartsWith(name + "=", StringComparison.Ordinal));
        await Eventually.TrueAsync(() => Line() is not null);
        return int.Parse(Line()![(name.Length + 1)..], CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_processes.Select(process => process.StopAsync(TimeSpan.Zero, CancellationToken.None)));
        await Task.WhenAll(_workers.Select(worker => worker.StopAsync(TimeSpan.Zero)));
        _folder.Dispose();
    }
}
