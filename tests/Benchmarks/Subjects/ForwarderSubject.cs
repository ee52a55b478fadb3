using System.Globalization;
using BlueGreen.Benchmarks.Running;

namespace BlueGreen.Benchmarks.Subjects;

/// <summary>The <see cref="ForwarderProgram"/> that runs.</summary>
internal sealed class ForwarderSubject : Subject
{
    /// <summary>Its name in the tables.</summary>
    public const string Title = "YARP";

    private readonly StartedProcess _process;

    private ForwarderSubject(Uri address, StartedProcess process)
        : base(Title, address, http2: null) => _process = process;

    public override IReadOnlyList<int> Pids => [_process.Pid];

    public override bool NeedsWarming => true;

    /// <summary>Starts it, and waits until it answers.</summary>
    public static async Task<ForwarderSubject> StartAsync(Topology topology, Backends backends)
    {
        var port = FreePort.Find();
        var process = StartedProcess.Start(
            Environment.ProcessPath!,
            ["forwarder", port.ToString(CultureInfo.InvariantCulture), backends.WebAt(topology.IsUnix, ""), backends.ToolAt(topology.IsUnix, "")],
            AppContext.BaseDirectory);
        var subject = new ForwarderSubject(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/")), process);
        try
        {
            await Readiness.WaitAsync(subject.Address, process);
            return subject;
        }
        catch
        {
            await subject.DisposeAsync();
            throw;
        }
    }

    public override async ValueTask DisposeAsync() => await ProcessEnd.StopAsync(_process);
}
