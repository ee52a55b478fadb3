using System.Net;
using System.Net.Sockets;
using BlueGreen.Agent.Hosting.Systemd;
using BlueGreen.Agent.Tests.Control;
using BlueGreen.Proxy;
using BlueGreen.Proxy.Peers;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlueGreen.Agent.Tests.Hosting.Systemd;

public sealed class SelfCheckTests : IAsyncLifetime
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(100);

    private ControlBench _control = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _control = await ControlBench.StartAsync();

    public ValueTask DisposeAsync() => _control.DisposeAsync();

    [Theory(Timeout = 30_000)]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://localhost:0")]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://[::]:0")]
    [InlineData("http://127.0.0.1:0?proxyProtocol=required")]
    [InlineData("http://[::]:0?proxyProtocol=required")]
    public async Task A_front_that_answers_passes_whatever_it_listens_on(string listen)
    {
        await using var proxy = ProxyServer.Open([new Uri(listen)], NullLoggerFactory.Instance);
        await proxy.StartAsync(Token);

        Assert.Null(await new SelfCheck(proxy.Addresses, _control.SocketPath, Long).FailureAsync(Token));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_front_that_trusts_nobody_passes_too_where_the_proxy_protocol_is_spoken()
    {
        await using var proxy = ProxyServer.Open([new Uri("http://127.0.0.1:0?proxyProtocol=required")], NullLoggerFactory.Instance);
        proxy.TrustedProxies = new TrustedProxies([]);
        await proxy.StartAsync(Token);

        Assert.Null(await CheckAsync(proxy.Addresses, Long));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_front_without_a_usable_certificate_passes_since_no_restart_would_help()
    {
        await using var proxy = ProxyServer.Open([new Uri("https://127.0.0.1:0")], NullLoggerFactory.Instance);
        await proxy.StartAsync(Token);

        Assert.Null(await CheckAsync(proxy.Addresses, Long));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_port_that_accepts_and_says_nothing_fails_in_time()
    {
        using var deaf = Listening();

        var failure = await CheckAsync([AddressOf(deaf)], Short);

        Assert.StartsWith($"{Text(AddressOf(deaf))} has not answered within 0.1 s", failure, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_port_that_is_closed_fails()
    {
        var closed = Listening();
        var address = AddressOf(closed);
        closed.Dispose();

        Assert.StartsWith($"{Text(address)} does not answer: ", await CheckAsync([address], Long), StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_port_where_somebody_else_answers_fails()
    {
        using var other = Listening();
        var answering = AnswerAsync(other, "SSH-2.0-OpenSSH_9.2\r\n");

        Assert.StartsWith($"{Text(AddressOf(other))} does not answer: ", await CheckAsync([AddressOf(other)], Long), StringComparison.Ordinal);
        await answering;
    }

    [Fact(Timeout = 30_000)]
    public async Task One_address_that_answers_is_enough()
    {
        var closed = Listening();
        var address = AddressOf(closed);
        closed.Dispose();
        await using var proxy = ProxyServer.Open([new Uri("http://127.0.0.1:0")], NullLoggerFactory.Instance);
        await proxy.StartAsync(Token);

        Assert.Null(await CheckAsync([address, .. proxy.Addresses], Long));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_control_socket_that_is_gone_or_says_nothing_fails_whatever_the_port_does()
    {
        await using var proxy = ProxyServer.Open([new Uri("http://127.0.0.1:0")], NullLoggerFactory.Instance);
        await proxy.StartAsync(Token);
        await _control.CloseAsync();
        Assert.StartsWith(
            $"the control socket {_control.SocketPath} does not answer: ", await CheckAsync(proxy.Addresses, Long), StringComparison.Ordinal);

        using var deaf = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        deaf.Bind(new UnixDomainSocketEndPoint(_control.SocketPath));
        deaf.Listen();
        Assert.EndsWith(
            $"the control socket {_control.SocketPath} has not answered within 0.1 s", await CheckAsync(proxy.Addresses, Short), StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task Both_parts_are_named_where_both_fail()
    {
        using var deaf = Listening();
        await _control.CloseAsync();

        var failure = await CheckAsync([AddressOf(deaf)], Short);

        Assert.StartsWith(
            $"{Text(AddressOf(deaf))} has not answered within 0.1 s; the control socket {_control.SocketPath} ", failure, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_stopping_front_is_asked_on_its_control_socket_alone()
    {
        Assert.Null(await new SelfCheck([], _control.SocketPath, Long).ControlFailureAsync(Token));
    }

    private Task<string?> CheckAsync(IReadOnlyList<Uri> addresses, TimeSpan patience) =>
        new SelfCheck(addresses, _control.SocketPath, patience).FailureAsync(Token);

    private static TcpListener Listening()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static Uri AddressOf(TcpListener listener) => new($"http://{listener.LocalEndpoint}");

    private static string Text(Uri address) => address.GetLeftPart(UriPartial.Authority);

    private static async Task AnswerAsync(TcpListener listener, string text)
    {
        using var connection = await listener.AcceptSocketAsync(Token);
        await connection.SendAsync(System.Text.Encoding.ASCII.GetBytes(text), Token);
        connection.Shutdown(SocketShutdown.Send);
    }
}
