using System.Globalization;
using BlueGreen.Benchmarks.Subjects;

namespace BlueGreen.Benchmarks.WarmUp;

/// <summary>The front of the comparison, with the app as its only one.</summary>
internal sealed class WarmUpFront : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly ControlSocket _control;
    private readonly string _program;
    private readonly int _port = FreePort.Find();
    private StartedProcess? _process;

    private WarmUpFront(string program)
    {
        _program = program;
        _control = new ControlSocket(_folder.ControlSocket);
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}/"));
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Starts it and waits until the app answers.</summary>
    public static async Task<WarmUpFront> StartAsync(WarmUpArguments arguments)
    {
        var front = new WarmUpFront(arguments.Bluegreen);
        try
        {
            front._folder.Write("app/Procfile", $"web: {Environment.ProcessPath} app\n");
            front.Write("slowStart: 0s");
            front._process = StartedProcess.Start(
                arguments.Bluegreen, ["run", front._folder.In("app"), "--state", front._folder.State], front._folder.Root,
                new Dictionary<string, string> { [TestFolder.Mark] = front._folder.State });
            await Readiness.WaitAsync(front.Address, front._process);
            return front;
        }
        catch
        {
            await front.DisposeAsync();
            throw;
        }
    }

    /// <summary>Configures the app anew.</summary>
    public async Task ConfigureAsync(string keys)
    {
        Write(keys);
        await RunAsync("reload");
    }

    /// <summary>Deploys the app again, and waits until it is over.</summary>
    /// <returns>The new release's number.</returns>
    public async Task<string> DeployAsync()
    {
        await RunAsync("deploy", _folder.In("app"));
        return (await _control.StatusAsync()).App().Active!.Release.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Waits until the worker of the release before is gone.</summary>
    public Task SettledAsync() => Until.TrueAsync(async () => (await _control.StatusAsync()).App().Releases.Count == 1);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await ProcessEnd.StopAsync(_process);
        _control.Dispose();
        _folder.Dispose();
    }

    private async Task RunAsync(string verb, params string[] arguments)
    {
        await using var command = StartedProcess.Start(_program, [verb, .. arguments, "--state", _folder.State], _folder.Root);
        if (await command.Exited.WaitAsync(TimeLimit.Token) is not 0 and var code)
            throw new InvalidOperationException($"bluegreen {verb} ended with code {code}:\n{command}");
    }

    private void Write(string keys) => _folder.Configure(string.Create(
        CultureInfo.InvariantCulture, $"listen: http://127.0.0.1:{_port}\napps:\n  web:\n    probation: 0s\n    {keys}\n"));
}
