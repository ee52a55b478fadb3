using System.Globalization;
using BlueGreen.Benchmarks.Running;

namespace BlueGreen.Benchmarks.Subjects;

/// <summary>A front that runs, with workers of its own.</summary>
internal sealed class BluegreenSubject : Subject
{
    private readonly Variant _variant;
    private readonly TestFolder _folder;

    private BluegreenSubject(Variant variant, TestFolder folder, Uri address)
        : base(variant.Name, address, address)
    {
        _variant = variant;
        _folder = folder;
        Process = Launch();
    }

    public override IReadOnlyList<int> Pids => [Process.Pid];

    public override bool NeedsWarming => true;

    private StartedProcess Process { get; set; }

    /// <summary>Starts it with a first release, and waits until it answers.</summary>
    public static async Task<BluegreenSubject> StartAsync(Variant variant, Topology topology)
    {
        var folder = new TestFolder();
        var port = FreePort.Find();
        var values = new Dictionary<string, string>
        {
            ["FOLDER"] = folder.Root,
            ["PORT"] = port.ToString(CultureInfo.InvariantCulture),
            ["CONNECTIONS"] = DescriptorLimit.Connections.ToString(CultureInfo.InvariantCulture),
            ["HOSTS"] = topology.Apps == 1 ? "" : Topology.Host,
            ["BIND"] = topology.IsUnix ? "unix" : "tcp",
            ["ACCESSLOG"] = variant.AccessLog is { } format ? $"accessLog: {{format: {format}}}" : "",
        };
        folder.Configure(Template.Fill("bluegreen.yaml", values, topology.Others));
        Backends.WriteFiles(folder);
        folder.Write("web/Procfile", "web: ./start-backend\n");
        folder.Write("web/start-backend", File.ReadAllText(Template.PathOf("start-backend")), executable: true);
        folder.Write("web/backend.conf", Backends.ConfigurationOf(listen: null, folder));
        folder.Write("tool/Procfile", $"web: {Environment.ProcessPath} tool\n");
        var subject = new BluegreenSubject(
            variant, folder, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/")));
        try
        {
            await Readiness.WaitAsync(subject.Address, subject.Process);
            await subject.WaitForToolAsync();
            return subject;
        }
        catch
        {
            await subject.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops it with its workers.</summary>
    public Task StopAsync() => ProcessEnd.StopAsync(Process);

    /// <summary>Starts it again, with the release it had, and waits for its first answer.</summary>
    public async Task StartAgainAsync()
    {
        Process = Launch();
        await Readiness.WaitAsync(Address, Process);
    }

    public override async Task<long?> SwitchAsync()
    {
        await using var deploy = StartedProcess.Start(
            _variant.Program, ["deploy", _folder.In("web"), "--state", _folder.State, "--json"], _folder.Root);
        var switched = await deploy.WaitForLineAsync(line => line.Contains("\"switched\"", StringComparison.Ordinal));
        await deploy.Exited.WaitAsync(TimeLimit.Token);
        return switched.At;
    }

    public override async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    private async Task WaitForToolAsync()
    {
        using var control = new ControlSocket(_folder.ControlSocket);
        await Until.TrueAsync(async () => (await control.StatusAsync()).App("tool").Active is not null);
    }

    private StartedProcess Launch() => StartedProcess.Start(
        _variant.Program, ["run", "--config", _folder.In("bluegreen.yaml"), "--state", _folder.State], _folder.Root, EnvironmentOfIt());

    // The mark lets the folder find what a front that had to be killed leaves behind.
    private Dictionary<string, string> EnvironmentOfIt() => new(_variant.Environment) { [TestFolder.Mark] = _folder.State };
}
