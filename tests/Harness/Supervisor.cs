namespace BlueGreen.Harness;

/// <summary>A real supervisord with a configuration and a socket of its own, which runs one front as the program <c>front</c>.</summary>
public sealed class Supervisor : IAsyncDisposable
{
    private readonly StartedProcess _process;
    private readonly TestFolder _folder;
    private readonly string _configuration;
    private readonly Action<string>? _show;

    private Supervisor(StartedProcess process, TestFolder folder, string configuration, Action<string>? show)
    {
        _process = process;
        _folder = folder;
        _configuration = configuration;
        _show = show;
    }

    /// <summary>Starts it, and so the front.</summary>
    /// <param name="folder">Where everything is.</param>
    /// <param name="arguments">The arguments of <c>bluegreen run</c>, besides the state folder.</param>
    /// <param name="show">Is given at the end what it and the front printed.</param>
    public static Supervisor Start(TestFolder folder, string arguments, Action<string>? show = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var configuration = folder.Write("supervisord.conf", $"""
            [supervisord]
            nodaemon=true
            directory={folder.Root}
            logfile={folder.In("supervisord.log")}
            pidfile={folder.In("supervisord.pid")}
            [unix_http_server]
            file={folder.In("v.sock")}
            [rpcinterface:supervisor]
            supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
            [supervisorctl]
            serverurl=unix://{folder.In("v.sock")}
            [program:front]
            command={Programs.Bluegreen} run --state {folder.State} {arguments}
            environment={TestFolder.Mark}="{folder.State}"
            autorestart=true
            startsecs=0
            startretries=1000000
            stopsignal=TERM
            stopwaitsecs=30
            redirect_stderr=true
            stdout_logfile={folder.In("front.log")}
            """);
        var process = StartedProcess.Start("supervisord", ["-c", configuration], folder.Root);
        return new Supervisor(process, folder, configuration, show);
    }

    /// <summary>What the front printed.</summary>
    public string FrontLog => File.Exists(_folder.In("front.log")) ? File.ReadAllText(_folder.In("front.log")) : "";

    /// <summary>The front's process: its only child. Null between two fronts.</summary>
    public int? FrontPid => ProcessTable.ChildrenOf(_process.Pid).Where(ProcessTable.IsAlive).Select(pid => (int?)pid).FirstOrDefault();

    /// <summary>Ends it at once. Its front runs on.</summary>
    public ValueTask KillAsync() => _process.DisposeAsync();

    /// <summary>supervisorctl(1).</summary>
    public async Task<CliResult> ControlAsync(params IEnumerable<string> arguments)
    {
        await using var process = StartedProcess.Start("supervisorctl", ["-c", _configuration, .. arguments], _folder.Root);
        return await CliResult.OfAsync(process);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.Signal(Signals.Terminate);
        await Task.WhenAny(_process.Exited, Task.Delay(TimeSpan.FromSeconds(10), CancellationToken.None));
        await _process.DisposeAsync();
        _show?.Invoke($"--- supervisord\n{_process}\n--- front\n{FrontLog}");
    }
}
