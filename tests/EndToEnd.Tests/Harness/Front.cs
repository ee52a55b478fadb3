using System.Globalization;
using System.Text.RegularExpressions;

namespace BlueGreen.EndToEnd.Tests.Harness;

/// <summary>
/// A real front: <c>bluegreen run</c> in a process of its own. Disposing it asks it to stop, then insists, and hands its log to the
/// test, which shows it when it fails. What it left behind is the <see cref="TestFolder"/>'s to clean up.
/// </summary>
public sealed partial class Front : IAsyncDisposable
{
    private static readonly TimeSpan PatienceAtEnd = TimeSpan.FromSeconds(10);

    private readonly StartedProcess _process;
    private readonly TestFolder _folder;
    private readonly string _state;
    private readonly ControlSocket _control;
    private readonly CancellationTokenRegistration _outOfTime;

    /// <param name="process">The front, or a shell around it.</param>
    /// <param name="folder">Its working folder.</param>
    /// <param name="state">Its state folder, as it is reached from here.</param>
    internal Front(StartedProcess process, TestFolder folder, string state)
    {
        _process = process;
        _folder = folder;
        _state = state;
        _control = new ControlSocket(ControlSocket);
        // A test that runs out of time is reported before this is disposed.
        _outOfTime = TestContext.Current.CancellationToken.Register(Show);
    }

    /// <summary>The front's process id.</summary>
    public int Pid => _process.Pid;

    /// <summary>Where it listens; known once it is ready.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1:0");

    /// <summary>Completes with its exit code.</summary>
    public Task<int> Exited => _process.Exited;

    /// <summary>What it printed.</summary>
    public string Log => _process.ToString();

    /// <summary>The path of its control socket.</summary>
    public string ControlSocket => Path.Combine(_state, "control.sock");

    /// <summary>Starts a front on a free port and waits until it listens.</summary>
    /// <param name="folder">Its state folder, and its working folder.</param>
    /// <param name="arguments">Further arguments of <c>run</c>; a <c>--listen</c> there replaces the free port.</param>
    /// <exception cref="InvalidOperationException">It ended before.</exception>
    public static async Task<Front> StartAsync(TestFolder folder, params string[] arguments)
    {
        var front = Start(folder, arguments);
        try
        {
            await front.ReadyAsync();
            return front;
        }
        catch
        {
            await front.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// The same, without waiting. The port is none that the kernel gives to a client, so that it is free once the front is gone: for a
    /// front after it, or to see that it is free. A front that is given no configuration puts no release on probation: that would keep the workers of
    /// replaced releases running for half a minute.
    /// </summary>
    public static Front Start(TestFolder folder, params string[] arguments)
    {
        ArgumentNullException.ThrowIfNull(folder);
        folder.ConfigureByDefault("limits: {requestRate: 0}\napps: {web: {probation: 0s}}\n");
        string[] listen = arguments.Contains("--listen") ? [] : ["--listen", FreeAddress()];
        return new Front(
            StartedProcess.Start(Programs.Bluegreen, ["run", "--state", folder.State, .. listen, .. arguments], folder.Root,
                new Dictionary<string, string>(folder.Environment) { [TestFolder.Mark] = folder.State }),
            folder, folder.State);
    }

    /// <summary>Starts a front that may open so many files only (RLIMIT_NOFILE), and waits until it listens.</summary>
    public static async Task<Front> StartWithFewFilesAsync(TestFolder folder, int files, string release)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var front = new Front(
            StartedProcess.Start(
                "prlimit", [$"--nofile={files}:{files}", Programs.Bluegreen, "run", "--state", folder.State, "--listen", FreeAddress(), release],
                folder.Root, new Dictionary<string, string> { [TestFolder.Mark] = folder.State }),
            folder, folder.State);
        await front.ReadyAsync();
        return front;
    }

    /// <summary>Waits until it listens.</summary>
    public async Task ReadyAsync()
    {
        var line = await _process.WaitForLineAsync(text => ListensOn().IsMatch(text));
        Address = new Uri(ListensOn().Match(line.Text).Groups[1].Value);
    }

    /// <summary>Runs a command against this front.</summary>
    public Task<CliResult> RunAsync(string verb, params IEnumerable<string> arguments) =>
        Cli.RunAsync([verb, "--state", _state, .. arguments]);

    /// <summary>Starts a command against this front.</summary>
    public StartedProcess StartCommand(string verb, params IEnumerable<string> arguments) =>
        Cli.Start(_folder.Root, [verb, "--state", _state, .. arguments]);

    /// <summary><c>bluegreen deploy SOURCE --json</c>.</summary>
    public Task<CliResult> DeployAsync(string source, params IEnumerable<string> arguments) =>
        RunAsync("deploy", [source, "--json", .. arguments]);

    /// <summary><c>bluegreen rollback --json</c>.</summary>
    public Task<CliResult> RollbackAsync(params IEnumerable<string> arguments) => RunAsync("rollback", ["--json", .. arguments]);

    /// <summary><c>bluegreen restart --json</c>.</summary>
    public Task<CliResult> RestartAsync(params IEnumerable<string> arguments) => RunAsync("restart", ["--json", .. arguments]);

    /// <summary>What <c>bluegreen status --json</c> prints, asked of the control socket itself.</summary>
    public Task<FrontStatus> StatusAsync() => _control.StatusAsync();

    /// <summary>Waits until a release serves.</summary>
    public Task ActiveAsync(int release, string app = "web") =>
        Until.TrueAsync(async () => (await StatusAsync()).App(app).Active?.Release == release);

    /// <summary>Waits until no release but the active one has workers and nothing is being deployed.</summary>
    public Task SettledAsync(string app = "web") => Until.TrueAsync(async () =>
        (await StatusAsync()).App(app) is { Deployment: null, Releases: [{ Role: "active" }] });

    /// <summary>Sends it a signal, by its number.</summary>
    public void Signal(int signal) => _process.Signal(signal);

    /// <summary>Waits for a line of its log that contains a text.</summary>
    public Task<OutputLine> LoggedAsync(string text) =>
        _process.WaitForLineAsync(line => line.Contains(text, StringComparison.Ordinal));

    /// <summary>Asks it to stop, by TERM, and waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        Signal(Signals.Terminate);
        return await Exited.WaitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Kills it, as a machine that runs out of memory does. Its workers run on.</summary>
    public async Task KillAsync()
    {
        Signal(Signals.Kill);
        await Exited.WaitAsync(TestContext.Current.CancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Signal(Signals.Terminate);
        await Task.WhenAny(Exited, Task.Delay(PatienceAtEnd, CancellationToken.None));
        await _process.DisposeAsync();
        _control.Dispose();
        await _outOfTime.DisposeAsync();
        Show();
    }

    private void Show() => TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"--- front {Pid}, exit code {(Exited.IsCompleted ? Exited.Result : null)}\n{Log}"));

    private static string FreeAddress() => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Find()}");

    [GeneratedRegex(@" listens on (http://[^\s,]+)")]
    private static partial Regex ListensOn();
}
