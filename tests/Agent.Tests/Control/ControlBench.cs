using System.Net.Sockets;
using BlueGreen.Agent.Control;
using BlueGreen.Agent.Control.Contracts;
using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Tests.Deployments;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlueGreen.Agent.Tests.Control;

/// <summary>A control socket in front of a <see cref="DeploymentBench"/>; only what concerns the front as a whole is made up.</summary>
internal sealed class ControlBench : IAsyncDisposable
{
    public static readonly DateTimeOffset StartedAt = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private ControlServer? _server;

    public DeploymentBench Deployments { get; } = new();

    public string SocketPath => Deployments.Directory.ControlSocket;

    public ReloadReport Reloaded { get; set; } = new(["web: instances 1 -> 2"], [], []);

    public bool WasStopped { get; private set; }

    public ControlEndpoints Endpoints => new(
        new FrontActions(
            () => new StatusReport(Environment.ProcessId, "1.2.3", StartedAt, ["http://127.0.0.1:8080"], []),
            () => Reloaded,
            () => WasStopped = true),
        Deployments.Apps, Deployments.Coordinator, new Scaling(Deployments.Services, Deployments.Coordinator), Deployments.RunOnce, Deployments.Services.Pruning, Deployments.Sources, Deployments.Store, Deployments.State, Deployments.Audit, Deployments.Directory, TimeProvider.System);

    public ControlClient Client => field ??= new ControlClient(SocketPath);

    /// <summary>Plain HTTP to the socket, as curl speaks it.</summary>
    public HttpClient Http => field ??= new HttpClient(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancel) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = new Uri("http://front"),
    };

    public static async Task<ControlBench> StartAsync()
    {
        var bench = new ControlBench();
        await bench.OpenAsync();
        return bench;
    }

    public async Task OpenAsync() =>
        _server = await ControlServer.StartAsync(Deployments.Directory, Endpoints, NullLoggerFactory.Instance);

    public async Task CloseAsync()
    {
        await (_server?.DisposeAsync() ?? ValueTask.CompletedTask);
        _server = null;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        Client.Dispose();
        Http.Dispose();
        await Deployments.DisposeAsync();
    }
}
