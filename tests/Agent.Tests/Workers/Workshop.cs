using System.Globalization;
using BlueGreen.Agent.Tests.Releases;
using BlueGreen.Agent.Workers;
using BlueGreen.Agent.Workers.Limits;
using CliWrap.Buffered;

namespace BlueGreen.Agent.Tests.Workers;

/// <summary>Starts worker processes in a folder of its own and leaves none behind.</summary>
internal sealed class Workshop : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<WorkerProcess> _processes = [];
    private readonly List<Worker> _workers = [];
    private readonly List<ProcessIdentity> _orphans = [];

    public TemporaryFolder Folder => _folder;

    public WorkerLog Log => new(_folder["worker.log"]);

    public string Printed => File.Exists(Log.Path) ? File.ReadAllText(Log.Path) : "";

    /// <summary>Starts a shell script as a worker.</summary>
    public WorkerProcess Start(string script, TimeProvider? time = null) => StartProgram(["/bin/sh", "-c", script], time);

    public WorkerProcess StartProgram(IReadOnlyList<string> arguments, TimeProvider? time = null, Confinement? confinement = null, string? directory = null)
    {
        var process = WorkerProcess.Start(
            arguments, directory ?? _folder.Path, new Dictionary<string, string?> { ["GREETING"] = "hello" }, Log, time ?? TimeProvider.System,
            confinement: confinement);
        _processes.Add(process);
        return process;
    }

    /// <summary>Starts a shell script as a worker that is confined.</summary>
    public WorkerProcess StartConfined(string script, Confinement confinement, string? directory = null) =>
        StartProgram(["/bin/sh", "-c", script], null, confinement, directory);

    /// <summary>Starts a shell script as a worker of a front that has died since: it is nobody's child here.</summary>
    public async Task<ProcessIdentity> StartOrphanAsync(string script)
    {
        const string front = """sh -c 'exec setsid /bin/sh -c "$0"' "$1" >>"$2" 2>&1 </dev/null & echo $!""";
        var started = await CliWrap.Cli.Wrap("/bin/sh").WithArguments(["-c", front, "sh", script, Log.Path])
            .WithWorkingDirectory(_folder.Path)
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        var pid = int.Parse(started.StandardOutput, CultureInfo.InvariantCulture);
        var identity = ProcessIdentity.Of(pid)!;
        _orphans.Add(identity);
        await Eventually.TrueAsync(() => ProcessStat.Of(pid)!.LeadsItsSession);
        return identity;
    }

    /// <summary>Adopts a process; null when it has ended.</summary>
    public WorkerProcess? Adopt(ProcessIdentity identity, TimeProvider? time = null)
    {
        var process = WorkerProcess.Adopt(identity, time ?? TimeProvider.System);
        if (process is not null)
        {
            _processes.Add(process);
        }

        return process;
    }

    /// <summary>Launches a shell script with an address.</summary>
    public Worker Launch(
        string script, BindKind bind = BindKind.Tcp, IReadOnlyDictionary<string, string>? environment = null, string socket = "w.sock",
        Confinement? confinement = null)
    {
        var worker = new WorkerLauncher(new PortAllocator(), TimeProvider.System).Launch(Spec("web.1.1", bind) with
        {
            Arguments = _ => ["/bin/sh", "-c", script],
            Environment = environment ?? new Dictionary<string, string>(),
            SocketPath = _folder[socket],
            Confinement = confinement,
        });
        _workers.Add(worker);
        return worker;
    }

    /// <summary>A worker that could be run here, did it not lack a program.</summary>
    public WorkerSpec Spec(string id, BindKind bind) => new()
    {
        Id = id,
        Directory = _folder.Path,
        Arguments = _ => [],
        Environment = new Dictionary<string, string>(),
        Bind = bind,
        Log = Log,
        SocketPath = _folder["w.sock"],
    };

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
        _processes.AddRange(_orphans.Select(orphan => WorkerProcess.Adopt(orphan, TimeProvider.System)).OfType<WorkerProcess>());
        await Task.WhenAll(_processes.Select(process => process.StopAsync(TimeSpan.Zero, CancellationToken.None)));
        await Task.WhenAll(_workers.Select(worker => worker.StopAsync(TimeSpan.Zero)));
        _folder.Dispose();
    }
}
