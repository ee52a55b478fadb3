using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using BlueGreen.Agent.Control;
using BlueGreen.Agent.Hosting.Configuration;
using BlueGreen.Proxy.Listeners;

namespace BlueGreen.Agent.Hosting.Systemd;

/// <summary>Whether the front works, asked from outside as its clients do: on new connections, through the kernel, with a time limit.</summary>
/// <param name="addresses">Where it listens.</param>
/// <param name="controlSocket">The path of its control socket.</param>
/// <param name="patience">How long each of the two parts may take.</param>
internal sealed class SelfCheck(IReadOnlyList<Uri> addresses, string controlSocket, TimeSpan patience)
{
    /// <summary>
    /// A request without <c>Host</c>: every server has to answer it with 400 (RFC 9112, 3.2), so the front does by itself. No worker
    /// sees it, whatever the state of the apps.
    /// </summary>
    private static readonly byte[] Question = "GET / HTTP/1.1\r\n\r\n"u8.ToArray();

    /// <summary>
    /// Comes first where trusted proxies speak the PROXY protocol, which this machine may be: a connection of the proxy's own (its version
    /// 1, 2.1). Where it is not, the front answers 400 to this.
    /// </summary>
    private static readonly byte[] ProxyHeader = "PROXY UNKNOWN\r\n"u8.ToArray();

    /// <summary>The question is whether the front works, not whether its clients trust it.</summary>
    private static readonly SslClientAuthenticationOptions AnyCertificate = new()
    {
        TargetHost = "",
        RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
    };

    private static ReadOnlySpan<byte> Answer => "HTTP/1.1 400 "u8;

    /// <summary>Says which parts do not work, and how that shows; null: both do.</summary>
    public async Task<string?> FailureAsync(CancellationToken cancel)
    {
        // One after the other: where descriptors are short, the two must not be each other's reason to fail.
        var ports = await PortsFailureAsync(cancel);
        var control = await ControlFailureAsync(cancel);
        return ports is null ? control : control is null ? ports : $"{ports}; {control}";
    }

    /// <summary>Says why the control socket does not work; null: it does.</summary>
    public async Task<string?> ControlFailureAsync(CancellationToken cancel)
    {
        // A client of its own each time: a kept connection would say nothing of new ones.
        using var client = new ControlClient(controlSocket);
        return await FailureOfAsync($"the control socket {controlSocket}", client.StatusAsync, cancel);
    }

    /// <summary>One address that answers is enough: another may have left this machine, which no restart mends.</summary>
    private async Task<string?> PortsFailureAsync(CancellationToken cancel)
    {
        var failures = await Task.WhenAll(addresses.Select(
            address => FailureOfAsync(ListenAddress.Format(address), limit => AskAsync(address, limit), cancel)));
        return failures.Any(failure => failure is null) ? null : string.Join(", ", failures);
    }

    private async Task<string?> FailureOfAsync(string part, Func<CancellationToken, Task> ask, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(patience);
        try
        {
            await ask(limit.Token);
            return null;
        }
        catch (OperationCanceledException)
        {
            return $"{part} has not answered within {patience.TotalSeconds:0.###} s";
        }
        catch (Exception e) when (e is SocketException or IOException or UserError or InvalidDataException)
        {
            return $"{part} does not answer: {e.Message}";
        }
    }

    private static async Task AskAsync(Uri address, CancellationToken limit)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(EndPointOf(address), limit);
        await using var wire = new NetworkStream(socket);
        if (ListenOption.AsksForProxyProtocol(address))
        {
            await wire.WriteAsync(ProxyHeader, limit);
        }

        if (!ListenAddress.IsHttps(address))
        {
            await AskAsync(wire, limit);
            return;
        }

        await using var secure = new SslStream(wire);
        try
        {
            await secure.AuthenticateAsClientAsync(AnyCertificate, limit);
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            // Refused, for want of a certificate: no restart of the front brings one, and the front is alive enough to refuse.
            return;
        }

        await AskAsync(secure, limit);
    }

    private static async Task AskAsync(Stream stream, CancellationToken limit)
    {
        await stream.WriteAsync(Question, limit);
        // To the end of the connection, so that it is closed in good order and not reset.
        var answer = new byte[1024];
        var length = 0;
        while (length < answer.Length && await stream.ReadAsync(answer.AsMemory(length), limit) is var read and > 0)
        {
            length += read;
        }

        if (!answer.AsSpan(0, length).StartsWith(Answer))
        {
            throw new InvalidDataException(
                length == 0 ? "the connection was closed without an answer" : "the answer to a request without a host was not 400; somebody else's?");
        }
    }

    /// <summary>An address that stands for all of this machine's is asked on the loopback.</summary>
    private static IPEndPoint EndPointOf(Uri address) => address.DnsSafeHost is "::" or "0.0.0.0" or "localhost"
        ? new IPEndPoint(IPAddress.Loopback, address.Port)
        : new IPEndPoint(IPAddress.Parse(address.DnsSafeHost), address.Port);
}
