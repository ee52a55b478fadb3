using System.Globalization;
using BlueGreen.Faults.Injection;
using BlueGreen.Faults.Jobs;

namespace BlueGreen.Faults.Stages;

/// <summary>
/// A place where faults are done: a state folder and a port of its own, a front under a real supervisord that starts it again whenever it
/// ends, and a release that serves. Disposing it kills all of it.
/// </summary>
public sealed class Stage : IAsyncDisposable
{
    private readonly TestFolder _folder;
    private readonly Supervisor _supervisor;
    private readonly ControlSocket _control;
    private readonly Journal _journal;
    private int _releasesMade;

    private Stage(StageOptions options, TestFolder folder)
    {
        Options = options;
        _folder = folder;
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Find()}/"));
        folder.Configure(options.ToYaml(RecordFile, JobFile));
        Directory.CreateDirectory(folder.State);
        // It is watched from the start, and the front makes it only when it needs it.
        Directory.CreateDirectory(WorkerLogs);
        _journal = new Journal(folder.State);
        _control = new ControlSocket(folder.ControlSocket);
        var first = MakeRelease();
        _supervisor = Supervisor.Start(folder, $"--listen {Address.GetLeftPart(UriPartial.Authority)} {first}");
    }

    /// <summary>How its front is configured.</summary>
    public StageOptions Options { get; }

    /// <summary>Where its front listens.</summary>
    public Uri Address { get; }

    /// <summary>The file its workers write the ids of POSTs to.</summary>
    public string RecordFile => _folder.In("record");

    /// <summary>The file its jobs write to.</summary>
    public string JobFile => _folder.In("jobs");

    /// <summary>The folder of its workers' output: a file appears when a worker is started.</summary>
    public string WorkerLogs => _folder.In("s", "logs", "web");

    /// <summary>What its front writes down.</summary>
    public Journal Journal => _journal;

    /// <summary>Asks its front.</summary>
    public ControlSocket Control => _control;

    /// <summary>The processes its workers run as, their own children included.</summary>
    public IReadOnlyList<int> WorkerPids => _folder.WorkerPids;

    /// <summary>The front's process; null while there is none.</summary>
    public int? FrontPid => _supervisor.FrontPid;

    /// <summary>What its fronts have printed.</summary>
    public string FrontLog => _supervisor.FrontLog;

    /// <summary>Starts a stage and waits until its first release serves.</summary>
    public static async Task<Stage> StartAsync(StageOptions options)
    {
        var stage = new Stage(options, new TestFolder());
        try
        {
            await Until.TrueAsync(async () => (await stage._control.TryStatusAsync())?.App() is { Deployment: null, Active: not null });
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>The workers of a release, without the processes they started themselves.</summary>
    public IReadOnlyList<int> WorkerPidsOf(int release)
    {
        var number = release.ToString(CultureInfo.InvariantCulture);
        var pids = WorkerPids.Where(pid => ProcessTable.EnvironmentOf(pid).GetValueOrDefault("BLUEGREEN_RELEASE") == number).ToList();
        return [.. pids.Where(pid => !pids.Contains(ProcessTable.ParentOf(pid)))];
    }

    /// <summary>The processes that are no workers but run beside them, without what they started themselves.</summary>
    public IReadOnlyList<int> CronPids => [.. WorkerPids.Where(IsCron).Where(pid => !IsCron(ProcessTable.ParentOf(pid)))];

    /// <summary>A new release to deploy.</summary>
    /// <param name="behaviour">Lines <c>key=value</c>: how its processes behave.</param>
    public string MakeRelease(params string[] behaviour) => Options.Job == JobPlace.Cron
        ? SampleRelease.MakeWithCron(_folder, NextName("plain"), "", behaviour)
        : SampleRelease.Make(_folder, NextName("plain"), behaviour);

    /// <summary>A new release whose release phase fails.</summary>
    public string MakeRefusedRelease() =>
        SampleRelease.MakeWithCron(_folder, NextName("refused"), "release: sh -c 'echo the migration failed; exit 3'\n");

    /// <summary>A new release with a release phase.</summary>
    public string MakePhasedRelease() => SampleRelease.MakeWithProcfile(_folder, NextName("phased"), "web: ./SampleWorker\nrelease: sleep 0.3\n");

    /// <summary>A new release whose workers start only once its gate is open.</summary>
    /// <param name="gate">The file that opens it.</param>
    public string MakeGatedRelease(out string gate)
    {
        var name = NextName("gated");
        gate = _folder.In($"{name}.gate");
        return SampleRelease.MakeGated(_folder, name, gate);
    }

    /// <summary>A new release that takes a while to copy.</summary>
    /// <param name="bytes">The size of the file it has besides; on this disk it takes no room.</param>
    public string MakeBigRelease(long bytes)
    {
        var path = SampleRelease.Make(_folder, NextName("big"));
        using var ballast = new FileStream(Path.Combine(path, "ballast"), FileMode.Create);
        ballast.SetLength(bytes);
        return path;
    }

    /// <summary>Starts <c>bluegreen VERB ... --json</c>.</summary>
    public StartedProcess StartCommand(string verb, params IEnumerable<string> arguments) =>
        Cli.Start(_folder.Root, [verb, "--state", _folder.State, "--json", .. arguments]);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _supervisor.KillAsync();
        _control.Dispose();
        _journal.Dispose();
        _folder.Dispose();
    }

    private static bool IsCron(int pid) => ProcessTable.EnvironmentOf(pid).GetValueOrDefault("BLUEGREEN_PROCESS") == "cron";

    private string NextName(string kind) => string.Create(CultureInfo.InvariantCulture, $"{kind}-{++_releasesMade}");
}
