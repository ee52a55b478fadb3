using System.Net;
using System.Net.Sockets;
using BlueGreen.Proxy.Routing;
using BlueGreen.Proxy.Upstreams;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Proxy.Tests;

/// <summary>A whole front on a free port, with one app, "web", for all hosts and paths.</summary>
internal sealed class FrontUnderTest : IAsyncDisposable
{
    private readonly List<Backend> _backends = [];
    private readonly CapturedLog _log;

    private FrontUnderTest(string listen, TimeProvider time, ClientLimits limits, CapturedLog log, LoggerFactory logging)
    {
        _log = log;
        Upstream = new Upstream("web", time);
        Time = time;
        Server = ProxyServer.Open([new Uri(listen)], limits, logging);
        Server.Routes = new RouteTable([new Route(Upstream, [], "/")]);
    }

    public ProxyServer Server { get; }

    public Upstream Upstream { get; }

    public TimeProvider Time { get; }

    /// <summary>What the front logged as a warning or worse, and everything its host said.</summary>
    public IReadOnlyCollection<string> Log => _log.Lines;

    public Uri Url => Server.Addresses[0];

    public IPEndPoint EndPoint => new(IPAddress.Loopback, Url.Port);

    /// <summary>The host as requests to the front name it.</summary>
    public string Authority => Url.Authority;

    public static Task<FrontUnderTest> StartAsync(RawBackend backend, TimeProvider? time = null, ClientLimits? limits = null) =>
        StartAsync(backend.Address, time, limits);

    public static async Task<FrontUnderTest> StartAsync(
        BackendAddress? backend = null, TimeProvider? time = null, ClientLimits? limits = null, string listen = "http://127.0.0.1:0")
    {
        var log = new CapturedLog();
        var front = new FrontUnderTest(listen, time ?? TimeProvider.System, limits ?? new ClientLimits(), log, new LoggerFactory([log]));
        if (backend is not null)
        {
            front.SwitchTo(backend);
        }

        await front.Server.StartAsync(TestContext.Current.CancellationToken);
        return front;
    }

    /// <summary>Moves the traffic to this address.</summary>
    /// <returns>The new backend.</returns>
    public Backend SwitchTo(BackendAddress address)
    {
        var backend = NewBackend(address);
        Upstream.Switch([backend]);
        return backend;
    }

    /// <summary>Shares the traffic among these addresses.</summary>
    public void SwitchToAll(params BackendAddress[] addresses) => Upstream.Switch([.. addresses.Select(NewBackend)]);

    /// <summary>Completes once as many requests wait for a backend.</summary>
    public async Task HoldsAsync(int requests)
    {
        while (Upstream.Held != requests)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Takes all traffic from a backend and waits, without a deadline, for what it has.</summary>
    public Task<DrainResult> DrainAsync(Backend backend)
    {
        Upstream.Switch([]);
        return backend.DrainAsync(
            new DrainDeadlines(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan), TestContext.Current.CancellationToken);
    }

    /// <summary>A client that is a socket.</summary>
    public Task<RawConnection> ConnectAsync() => RawConnection.OpenAsync(EndPoint);

    /// <summary>A client as programs have one.</summary>
    public HttpClient NewClient(Version? version = null) => new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
    {
        BaseAddress = Url,
        DefaultRequestVersion = version ?? HttpVersion.Version11,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    /// <summary>Sends a request and returns what the worker gets of it, and both connections to go on with.</summary>
    public async Task<Exchange> SendAsync(RawBackend backend, string request)
    {
        var client = await ConnectAsync();
        await client.WriteAsync(request);
        var worker = await backend.AcceptAsync();
        return new Exchange(client, worker, await worker.ReadHeadAsync());
    }

    /// <summary>True when a connection to the port is refused.</summary>
    public async Task<bool> RefusesConnectionsAsync()
    {
        try
        {
            using var connection = await ConnectAsync();
            return false;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _backends.ForEach(backend => backend.Dispose());
        _log.Dispose();
    }

    private Backend NewBackend(BackendAddress address)
    {
        var backend = new Backend($"web.{_backends.Count + 1}.1", address, Time);
        _backends.Add(backend);
        return backend;
    }
}
