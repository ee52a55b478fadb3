using System.Text;
using BlueGreen.Proxy.Forwarding;
using BlueGreen.Proxy.Listeners;
using BlueGreen.Proxy.Peers;
using BlueGreen.Proxy.Routing;
using BlueGreen.Proxy.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace BlueGreen.Proxy;

/// <summary>
/// The data plane: public listeners, and every request forwarded to a backend of the app it belongs to. The ports are open from
/// the start of the object to its end; what is behind them changes by <see cref="Routes"/> and by the switches of each route's
/// upstream.
/// </summary>
public sealed class ProxyServer : IAsyncDisposable
{
    /// <summary>
    /// Requests at once on one connection of HTTP/2. Kestrel's 100 are enough for pages, but a client of gRPC keeps its streams open
    /// for long and has one connection for all of them; more than this would wait for one to end, for ever and without a word.
    /// </summary>
    private const int StreamsOfClient = 1024;

    /// <summary>
    /// Bytes that the headers of a request may have together; more is answered 431. Twice what Kestrel takes by itself, and as much as the
    /// client of a worker takes in an answer: whether so much is too much is for the app to say.
    /// </summary>
    private const int LargestHead = 64 * 1024;

    private readonly List<ListeningSocket> _listeners;
    private readonly ClientLimits _limits;
    private readonly ILogger _logger;
    private readonly WebApplication _app;
    private volatile RouteTable _routes = RouteTable.Empty;
    private volatile CertificateTable _certificates = CertificateTable.Empty;
    private volatile TrustedProxies _trusted = TrustedProxies.ThisMachine;
    private volatile bool _redirectsToHttps;

    private ProxyServer(List<ListeningSocket> listeners, ClientLimits limits, ILoggerFactory logging)
    {
        _listeners = listeners;
        _limits = limits;
        _logger = logging.CreateLogger<ProxyServer>();
        _app = Build(logging);
    }

    /// <summary>Which requests go where. Replaced as a whole; requests that have been routed already are not affected.</summary>
    public RouteTable Routes
    {
        get => _routes;
        set => _routes = value;
    }

    /// <summary>
    /// The certificates of the https addresses. Replaced as a whole; handshakes that have begun, and connections, are not affected.
    /// Without any, every handshake fails.
    /// </summary>
    public CertificateTable Certificates
    {
        get => _certificates;
        set => _certificates = value;
    }

    /// <summary>
    /// Whose word on their clients is believed: in the headers of requests, and in those of the PROXY protocol. Requests that have been
    /// routed, and connections whose header has been read, are not affected by a change. Default: this machine.
    /// </summary>
    public TrustedProxies TrustedProxies
    {
        get => _trusted;
        set => _trusted = value;
    }

    /// <summary>
    /// Whether requests over http to hosts that have a certificate are redirected to https: to port 443, if that is listened on, else
    /// to the first https port. Without effect where there is none. Default false.
    /// </summary>
    public bool RedirectsToHttps
    {
        get => _redirectsToHttps;
        set => _redirectsToHttps = value;
    }

    /// <summary>The addresses listened on, with the ports that were bound.</summary>
    public IReadOnlyList<Uri> Addresses => [.. _listeners.Select(listener => listener.Url)];

    /// <summary>Opens the ports, with the default limits.</summary>
    /// <inheritdoc cref="Open(IEnumerable{Uri}, ClientLimits, ILoggerFactory)"/>
    public static ProxyServer Open(IEnumerable<Uri> listen, ILoggerFactory logging) => Open(listen, new ClientLimits(), logging);

    /// <summary>Opens the ports. Connections wait in the kernel's queue until <see cref="StartAsync"/>.</summary>
    /// <param name="listen"><c>http://ADDRESS:PORT</c> or <c>https://ADDRESS:PORT</c>; ADDRESS an IP address or <c>localhost</c>; port 0 takes a free
    /// one. With <see cref="ListenOption.ProxyProtocol"/> behind it, trusted proxies speak that protocol there.</param>
    /// <param name="limits">What clients may cost.</param>
    /// <param name="logging">Where Kestrel and YARP log to.</param>
    /// <exception cref="ListenException">An address cannot be listened on; none of the others stays open.</exception>
    public static ProxyServer Open(IEnumerable<Uri> listen, ClientLimits limits, ILoggerFactory logging)
    {
        var listeners = new List<ListeningSocket>();
        try
        {
            foreach (var url in listen)
            {
                listeners.Add(ListeningSocket.Open(url));
            }

            return new ProxyServer(listeners, limits, logging);
        }
        catch
        {
            listeners.ForEach(listener => listener.Dispose());
            throw;
        }
    }

    /// <summary>Starts to accept connections.</summary>
    public Task StartAsync(CancellationToken cancel = default) => _app.StartAsync(cancel);

    /// <summary>
    /// Closes the ports and waits until every connection has finished: idle ones close at once, active ones after their request.
    /// </summary>
    /// <param name="abort">Aborts the connections that are left.</param>
    public Task StopAsync(CancellationToken abort = default) => _app.StopAsync(abort);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _listeners.ForEach(listener => listener.Dispose());
    }

    private int? HttpsPort => _listeners.Where(listener => listener.IsHttps).Select(listener => (int?)listener.Url.Port)
        .OrderBy(port => port == HttpsRedirect.DefaultPort ? 0 : 1).FirstOrDefault();

    private WebApplication Build(ILoggerFactory logging)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        var services = builder.Services;
        services.AddSingleton<ILoggerFactory>(new QuietHosting(logging));
        services.AddSingleton<IHostLifetime, SilentLifetime>();
        services.AddHttpForwarder();
        // How long a stop may take is for its caller to say, with the token of StopAsync.
        services.Configure<HostOptions>(host => host.ShutdownTimeout = Timeout.InfiniteTimeSpan);
        services.AddSingleton<Http2Handover>();
        services.AddSingleton<IConnectionListenerFactory>(provider => provider.GetRequiredService<Http2Handover>());
        services.AddSingleton<IConnectionListenerFactory>(
            new BorrowedSocketTransport(_listeners.ToDictionary(listener => listener.Handle), logging));
        services.AddOptions<KestrelServerOptions>().Configure<Http2Handover>(Configure);

        var app = builder.Build();
        var forwarder = new RequestForwarder(app.Services.GetRequiredService<IHttpForwarder>(), () => _routes, () => _trusted);
        if (HttpsPort is { } port)
        {
            var redirect = new HttpsRedirect(port, () => _certificates, () => _trusted);
            app.Use(next => context => _redirectsToHttps && redirect.TryAnswer(context) ? Task.CompletedTask : next(context));
        }

        app.Run(forwarder.ForwardAsync);
        return app;
    }

    private void Configure(KestrelServerOptions kestrel, Http2Handover http2)
    {
        kestrel.AddServerHeader = false;
        // A target in absolute form overrules the Host header (RFC 9112, 3.2.2); refusing the two together is Kestrel's default.
        kestrel.AllowHostHeaderOverride = true;
        kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        // How large a body may be is the app's to say, not the front's.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.RequestHeadersTimeout = _limits.Headers;
        kestrel.Limits.KeepAliveTimeout = _limits.KeepAlive;
        kestrel.Limits.Http2.MaxStreamsPerConnection = StreamsOfClient;
        kestrel.Limits.MaxRequestHeadersTotalSize = LargestHead;
        kestrel.Limits.Http2.MaxRequestHeaderFieldSize = LargestHead;
        kestrel.Limits.MinRequestBodyDataRate = Rate(_limits.RequestRate);
        kestrel.Limits.MinResponseDataRate = Rate(_limits.ResponseRate);

        var connections = new ConnectionLimit(_limits.Connections ?? DescriptorLimit.Clients, _logger);
        var proxyHeader = new ProxyHeaderCheck(() => _trusted, _limits.Headers, _logger);
        var preface = new PrefaceCheck(http2, _limits.Headers);
        var handshakes = new Handshakes(() => _certificates, _limits.Headers);
        foreach (var listener in _listeners)
        {
            kestrel.ListenHandle(listener.Handle, port =>
            {
                port.Use(next => connection => connections.RunAsync(connection, next));
                if (listener.ExpectsProxyHeaders)
                {
                    port.Use(next => connection => proxyHeader.RunAsync(connection, next));
                }

                if (listener.IsHttps)
                {
                    handshakes.UseOn(port);
                    return;
                }

                port.Protocols = HttpProtocols.Http1;
                port.Use(next => connection => preface.RunAsync(connection, next));
            });
        }

        kestrel.Listen(new Http2EndPoint(), port => port.Protocols = HttpProtocols.Http2);
    }

    private MinDataRate? Rate(int bytesPerSecond) => bytesPerSecond == 0 ? null : new MinDataRate(bytesPerSecond, _limits.Grace);
}
