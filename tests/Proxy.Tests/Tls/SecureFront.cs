using System.Net;
using System.Net.Security;
using BlueGreen.Proxy.Routing;
using BlueGreen.Proxy.Tls;
using BlueGreen.Proxy.Upstreams;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace BlueGreen.Proxy.Tests.Tls;

/// <summary>A whole front with an https and an http address, whose certificates are files of a folder of its own.</summary>
internal sealed class SecureFront : IAsyncDisposable
{
    private readonly CapturedLog _log = new();
    private readonly LoggerFactory _logging;
    private readonly Upstream _upstream = new("web", TimeProvider.System);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bluegreen-tls-");
    private readonly CertificateKeeper _keeper;
    private Backend? _backend;
    private ITimer? _looking;

    /// <param name="option">An option of the https address.</param>
    public SecureFront(string option = "")
    {
        _logging = new LoggerFactory([_log]);
        Server = ProxyServer.Open([new Uri("https://127.0.0.1:0" + option), new Uri("http://127.0.0.1:0")], new ClientLimits(), _logging);
        Server.Routes = new RouteTable([new Route(_upstream, [], "/")]);
        _keeper = new CertificateKeeper(table => Server.Certificates = table, _logging.CreateLogger<CertificateKeeper>(), Time);
    }

    public TestAuthority Authority { get; } = new();

    /// <summary>What the validity of certificates is judged by, and what the looks at the files wait for.</summary>
    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

    public ProxyServer Server { get; }

    /// <summary>What the front logged as a warning or worse.</summary>
    public IReadOnlyCollection<string> Log =>
        [.. _log.Lines.Where(line => !line.StartsWith(nameof(LogLevel.Information), StringComparison.Ordinal))];

    public IPEndPoint Https => new(IPAddress.Loopback, Server.Addresses[0].Port);

    public IPEndPoint Http => new(IPAddress.Loopback, Server.Addresses[1].Port);

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The path of a file of the folder.</summary>
    public string this[string file] => Path.Combine(_folder.FullName, file);

    /// <summary>Writes a file of the folder, as a whole.</summary>
    public string Write(string file, string text)
    {
        File.WriteAllText(this[file], text);
        return this[file];
    }

    /// <summary>Writes NAME.pem, with the chain, and NAME-key.pem.</summary>
    public CertificateOptions Write(string name, IssuedCertificate issued, params string[] hosts) => new()
    {
        Certificate = Write($"{name}.pem", issued.Chain),
        Key = Write($"{name}-key.pem", issued.KeyPem),
        Hosts = hosts,
    };

    public void Configure(params CertificateOptions[] certificates) => _keeper.Configure(new TlsOptions { Certificates = certificates });

    /// <summary>Starts with these certificates and a backend, if any.</summary>
    public async Task StartAsync(BackendAddress? backend, params CertificateOptions[] certificates)
    {
        if (backend is not null)
        {
            _backend = new Backend("web.1.1", backend, TimeProvider.System);
            _upstream.Switch([_backend]);
        }

        Configure(certificates);
        _looking = _keeper.Start();
        await Server.StartAsync(Token);
    }

    /// <summary>Has the front look at its files again, as it does every few seconds.</summary>
    public void Look() => Time.Advance(CertificateKeeper.Interval);

    /// <summary>A client that has shaken hands.</summary>
    /// <param name="host">The host it names; null: none.</param>
    /// <param name="protocols">What it offers by ALPN.</param>
    public Task<SecureClient> ConnectAsync(string? host, params SslApplicationProtocol[] protocols) =>
        SecureClient.OpenAsync(Https, host, protocols);

    /// <summary>The thumbprint of the certificate that a client who names this host gets.</summary>
    public async Task<string> ThumbprintAsync(string? host)
    {
        await using var client = await ConnectAsync(host);
        return client.Thumbprint;
    }

    /// <summary>A client as programs have one, for any host, which trusts everybody.</summary>
    public SocketsHttpHandler NewHandler() => new()
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null },
        ConnectCallback = async (_, cancel) =>
        {
            var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
            await socket.ConnectAsync(Https, cancel);
            return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
        },
    };

    public async ValueTask DisposeAsync()
    {
        _looking?.Dispose();
        await Server.DisposeAsync();
        _backend?.Dispose();
        Authority.Dispose();
        _logging.Dispose();
        _log.Dispose();
        _folder.Delete(recursive: true);
    }
}
