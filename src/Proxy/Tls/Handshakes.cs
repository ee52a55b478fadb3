using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace BlueGreen.Proxy.Tls;

/// <summary>Puts TLS on a port: the certificate by the host the client names, the protocol by ALPN (RFC 7301).</summary>
/// <param name="certificates">The certificates there are when a handshake begins.</param>
/// <param name="limit">How long a handshake may take.</param>
internal sealed class Handshakes(Func<CertificateTable> certificates, TimeSpan limit)
{
    public void UseOn(ListenOptions port)
    {
        port.Protocols = HttpProtocols.Http1AndHttp2;
        port.Use(next => connection => UntilStopAsync(connection, next));
        port.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = limit,
            OnConnection = handshake => ValueTask.FromResult(Choose(handshake.ClientHelloInfo.ServerName)),
        });
        port.Use(next => connection => DoneAsync(connection, next));
    }

    private SslServerAuthenticationOptions Choose(string host) =>
        certificates().Find(host)?.Handshake ?? throw new AuthenticationException("There is no certificate that can be used.");

    /// <summary>Kestrel asks only those connections to close that have begun a protocol; a silent client would hold up a stop.</summary>
    private static async Task UntilStopAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var stop = connection.Features.GetRequiredFeature<IConnectionLifetimeNotificationFeature>().ConnectionClosedRequested;
        await using var unfinished = stop.UnsafeRegister(static connection =>
            ((ConnectionContext)connection!).Abort(new ConnectionAbortedException("The front stops.")), connection);
        connection.Items[typeof(Handshakes)] = unfinished;
        await next(connection);
    }

    private static async Task DoneAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        await ((CancellationTokenRegistration)connection.Items[typeof(Handshakes)]!).DisposeAsync();
        await next(connection);
    }
}
