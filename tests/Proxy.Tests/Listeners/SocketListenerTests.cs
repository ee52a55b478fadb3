using System.Net;
using BlueGreen.Proxy.Listeners;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlueGreen.Proxy.Tests.Listeners;

public sealed class SocketListenerTests
{
    [Fact(Timeout = 30_000)]
    public async Task While_file_descriptors_run_short_clients_are_closed_and_then_accepted_again()
    {
        using var log = new CapturedLog();
        using var logging = new LoggerFactory([log]);
        using var socket = ListeningSocket.Open(new Uri("http://127.0.0.1:0"));
        var limit = 0UL;
        await using var listener = Listen(socket, new DescriptorReserve(() => Volatile.Read(ref limit)), logging.CreateLogger("listener"));
        var accepting = listener.AcceptAsync(TestContext.Current.CancellationToken).AsTask();
        using var first = await ConnectAsync(socket);
        using var second = await ConnectAsync(socket);
        Assert.Equal("", await first.ReadToEndAsync());
        Assert.Equal("", await second.ReadToEndAsync());
        Assert.False(accepting.IsCompleted);

        Volatile.Write(ref limit, 1_000_000);

        using var third = await ConnectAsync(socket);
        await using var connection = await accepting;
        Assert.NotNull(connection);
        Assert.Single(log.Lines, line => line.Contains("file descriptors run short", StringComparison.Ordinal));
    }

    [Fact(Timeout = 30_000)]
    public async Task An_unbound_listener_accepts_nothing_and_its_port_refuses()
    {
        using var socket = ListeningSocket.Open(new Uri("http://127.0.0.1:0"));
        await using var listener = Listen(socket, DescriptorReserve.OfProcess, NullLogger.Instance);
        var accepting = listener.AcceptAsync(TestContext.Current.CancellationToken).AsTask();

        await listener.UnbindAsync(TestContext.Current.CancellationToken);

        Assert.Null(await accepting);
        Assert.Null(await listener.AcceptAsync(TestContext.Current.CancellationToken));
        using var again = ListeningSocket.Open(socket.Url);
    }

    private static SocketListener Listen(ListeningSocket socket, DescriptorReserve reserve, ILogger logger) =>
        new(socket, new SocketConnectionContextFactory(new SocketConnectionFactoryOptions(), NullLogger.Instance), reserve, logger);

    private static Task<RawConnection> ConnectAsync(ListeningSocket socket) =>
        RawConnection.OpenAsync(new IPEndPoint(IPAddress.Loopback, socket.Url.Port));
}
