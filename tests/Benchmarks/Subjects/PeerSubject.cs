using System.Diagnostics;
using System.Globalization;
using BlueGreen.Benchmarks.Running;

namespace BlueGreen.Benchmarks.Subjects;

/// <summary>Another proxy that runs.</summary>
internal sealed class PeerSubject : Subject
{
    private readonly Peer _peer;
    private readonly TestFolder _folder;
    private readonly StartedProcess _process;

    private PeerSubject(Peer peer, TestFolder folder, StartedProcess process, Uri address, Uri http2)
        : base(peer.Name, address, http2)
    {
        _peer = peer;
        _folder = folder;
        _process = process;
    }

    public override IReadOnlyList<int> Pids => [_process.Pid, .. ProcessTable.ChildrenOf(_process.Pid)];

    /// <summary>Starts it, and waits until it answers.</summary>
    public static async Task<PeerSubject> StartAsync(Peer peer, Topology topology, Backends backends)
    {
        var folder = new TestFolder();
        var port = FreePort.Find();
        var http2Port = peer.HasHttp2Port ? FreePort.Find() : port;
        var values = new Dictionary<string, string>
        {
            ["FOLDER"] = folder.Root,
            ["CORES"] = Text(Environment.ProcessorCount),
            ["DESCRIPTORS"] = Text(DescriptorLimit.Connections),
            ["CONNECTIONS"] = Text(DescriptorLimit.Connections),
            ["PORT"] = Text(port),
            ["H2PORT"] = Text(http2Port),
            ["HOST"] = Topology.Host,
            ["SITE"] = topology.Apps == 1 ? "http://" : $"http://{Topology.Host}",
            ["WEB"] = backends.WebAt(topology.IsUnix, peer.SocketPrefix),
            ["TOOL"] = backends.ToolAt(topology.IsUnix, peer.SocketPrefix),
        };
        folder.Write("apps.map", Template.Fill("apps.map", values, topology.Others));
        var configuration = folder.Write(peer.Configuration, peer.Configure(topology, values));
        // Caddy keeps what it has made for itself below these.
        var environment = new Dictionary<string, string> { ["XDG_DATA_HOME"] = folder.Root, ["XDG_CONFIG_HOME"] = folder.Root };
        var subject = new PeerSubject(
            peer, folder, StartedProcess.Start(peer.Program, [.. peer.Arguments, configuration], folder.Root, environment), At(port), At(http2Port));
        try
        {
            await Readiness.WaitAsync(subject.Address, subject._process);
            return subject;
        }
        catch
        {
            await subject.DisposeAsync();
            throw;
        }
    }

    public override async Task<long?> SwitchAsync()
    {
        if (_peer != Peer.Nginx)
            return null;
        var before = Pids;
        _process.Signal(Signals.Hangup);
        await Until.TrueAsync(() => Pids.Except(before).Count() >= Environment.ProcessorCount);
        return Stopwatch.GetTimestamp();
    }

    public override async ValueTask DisposeAsync()
    {
        await ProcessEnd.StopAsync(_process);
        _folder.Dispose();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static Uri At(int port) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));
}
