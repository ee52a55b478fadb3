using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace BlueGreen.Proxy.Tests.Tls;

/// <summary>A client over TLS that trusts everybody and remembers what it was shown.</summary>
internal sealed class SecureClient : IAsyncDisposable
{
    private readonly SslStream _stream;

    private SecureClient(SslStream stream) => _stream = stream;

    /// <summary>Of the server's certificate.</summary>
    public string Thumbprint { get; private set; } = "";

    /// <summary>Thumbprints of the certificates that came along with it.</summary>
    public IReadOnlyList<string> Chain { get; private set; } = [];

    public string Protocol => _stream.NegotiatedApplicationProtocol.ToString();

    public static async Task<SecureClient> OpenAsync(IPEndPoint to, string? host, params SslApplicationProtocol[] protocols)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(to, SecureFront.Token);
        var client = new SecureClient(new SslStream(new NetworkStream(socket, ownsSocket: true)));
        try
        {
            await client._stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = host ?? "",
                    ApplicationProtocols = protocols.Length == 0 ? null : [.. protocols],
                    RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
                    {
                        client.Thumbprint = ((X509Certificate2)certificate!).Thumbprint;
                        client.Chain = [.. chain!.ChainPolicy.ExtraStore.Select(other => other.Thumbprint)];
                        return true;
                    },
                },
                SecureFront.Token);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a request without a body and reads the whole answer, which has a length.</summary>
    public async Task<string> GetAsync(string host)
    {
        await _stream.WriteAsync(Encoding.Latin1.GetBytes($"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n"), SecureFront.Token);
        var text = new StringBuilder();
        var one = new byte[1];
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await _stream.ReadExactlyAsync(one, SecureFront.Token);
            text.Append((char)one[0]);
        }

        var body = new byte[int.Parse(text.ToString().Field("Content-Length")!, System.Globalization.CultureInfo.InvariantCulture)];
        await _stream.ReadExactlyAsync(body, SecureFront.Token);
        return text + Encoding.Latin1.GetString(body);
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();
}
