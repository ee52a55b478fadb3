using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Authentication;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Proxy.Tests.Tls;

/// <summary>What clients of an https address get.</summary>
public sealed class TlsHandshakeTests
{
    [Theory(Timeout = 30_000)]
    [InlineData("a.example", "a")]
    [InlineData("A.Example", "a")]
    [InlineData("www.b.example", "b")]
    [InlineData("c.example", "c")]
    [InlineData("b.example", "a")]
    [InlineData("x.www.b.example", "a")]
    [InlineData("unknown.example", "a")]
    [InlineData(null, "a")]
    public async Task The_certificate_is_the_one_of_the_host_the_client_names_else_the_first(string? host, string name)
    {
        await using var front = new SecureFront();
        var issued = new Dictionary<string, IssuedCertificate>
        {
            ["a"] = front.Authority.Issue(["a.example"]),
            ["b"] = front.Authority.Issue(["*.b.example"]),
            ["c"] = front.Authority.Issue(["another.example"]),
        };
        await front.StartAsync(null,
            front.Write("a", issued["a"]), front.Write("b", issued["b"]), front.Write("c", issued["c"], "c.example"));

        Assert.Equal(issued[name].Thumbprint, await front.ThumbprintAsync(host));
    }

    [Fact(Timeout = 30_000)]
    public async Task The_chain_is_sent_up_to_the_root_and_without_it()
    {
        await using var front = new SecureFront();
        await front.StartAsync(null, front.Write("a", front.Authority.Issue(["a.example"])));

        await using var client = await front.ConnectAsync("a.example");

        Assert.Contains(front.Authority.IntermediateThumbprint, client.Chain);
        Assert.DoesNotContain(front.Authority.RootThumbprint, client.Chain);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Both_protocols_reach_the_worker_which_is_told_of_https(string version)
    {
        await using var backend = await WebBackend.StartAsync(
            context => context.Response.WriteAsync($"{context.Request.Headers["X-Forwarded-Proto"]} {context.Request.Host}"));
        await using var front = new SecureFront();
        await front.StartAsync(backend.Address, front.Write("a", front.Authority.Issue(["a.example"])));
        using var client = new HttpClient(front.NewHandler())
        {
            DefaultRequestVersion = Version.Parse(version),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var answer = await client.GetAsync(new Uri("https://a.example/"), SecureFront.Token);

        Assert.Equal(Version.Parse(version), answer.Version);
        Assert.Equal("https a.example", await answer.Content.ReadAsStringAsync(SecureFront.Token));
    }

    [Theory(Timeout = 30_000)]
    [InlineData("h2 http/1.1", "h2")]
    [InlineData("http/1.1 h2", "h2")]
    [InlineData("http/1.1", "http/1.1")]
    [InlineData("", "")]
    public async Task The_protocol_is_negotiated_and_http2_comes_first(string offered, string chosen)
    {
        await using var front = new SecureFront();
        await front.StartAsync(null, front.Write("a", front.Authority.Issue(["a.example"])));

        await using var client = await front.ConnectAsync(
            "a.example", [.. offered.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => new SslApplicationProtocol(name))]);

        Assert.Equal(chosen, client.Protocol);
    }

    [Fact(Timeout = 30_000)]
    public async Task Versions_before_1_2_are_refused()
    {
        await using var front = new SecureFront();
        await front.StartAsync(null, front.Write("a", front.Authority.Issue(["a.example"])));
        using var client = await RawConnection.OpenAsync(front.Https);

        // A hello of TLS 1.1 (RFC 4346, 7.4.1.2): its libraries refuse to speak that themselves.
        byte[] hello = [3, 2, .. new byte[32], 0, 0, 8, 0, 0x2f, 0, 0x35, 0xc0, 0x13, 0xc0, 0x0a, 1, 0];
        await client.WriteAsync(new byte[] { 22, 3, 1, 0, (byte)(hello.Length + 4), 1, 0, 0, (byte)hello.Length }.Concat(hello).ToArray());

        // A fatal alert, protocol_version (RFC 5246, 7.2).
        var answer = await client.ReadToEndAsync();
        Assert.Equal((21, 2, 70), ((int)answer[0], (int)answer[5], (int)answer[6]));
    }

    [Theory(Timeout = 30_000)]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Web_sockets_work_over_tls(string version)
    {
        await using var backend = await WebBackend.StartAsync(async context =>
        {
            using var accepted = await context.WebSockets.AcceptWebSocketAsync();
            var message = new byte[100];
            var received = await accepted.ReceiveAsync(message, context.RequestAborted);
            await accepted.SendAsync(message.AsMemory(0, received.Count), WebSocketMessageType.Text, true, context.RequestAborted);
            await accepted.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", context.RequestAborted);
        });
        await using var front = new SecureFront();
        await front.StartAsync(backend.Address, front.Write("a", front.Authority.Issue(["a.example"])));
        using var invoker = new HttpMessageInvoker(front.NewHandler());
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = Version.Parse(version);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;

        await socket.ConnectAsync(new Uri("wss://a.example/"), invoker, SecureFront.Token);
        await socket.SendAsync(Encoding.ASCII.GetBytes("hello"), WebSocketMessageType.Text, true, SecureFront.Token);

        var buffer = new byte[100];
        var echo = await socket.ReceiveAsync(buffer, SecureFront.Token);
        Assert.Equal("hello", Encoding.ASCII.GetString(buffer, 0, echo.Count));
    }

    [Fact(Timeout = 30_000)]
    public async Task Without_any_certificate_handshakes_fail_and_http_is_served()
    {
        await using var backend = await WebBackend.SayingAsync("ok");
        await using var front = new SecureFront();
        await front.StartAsync(backend.Address);

        var refused = await Record.ExceptionAsync(() => front.ConnectAsync("a.example"));

        Assert.True(refused is AuthenticationException or IOException, $"{refused}");
        using var client = new HttpClient();
        Assert.Equal("ok", await client.GetStringAsync(front.Server.Addresses[1], SecureFront.Token));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_client_that_does_not_begin_its_handshake_holds_up_no_stop()
    {
        await using var front = new SecureFront();
        await front.StartAsync(null, front.Write("a", front.Authority.Issue(["a.example"])));
        using var silent = await RawConnection.OpenAsync(front.Https);
        // Accepted in order, so the silent one is in by now.
        await front.ThumbprintAsync("a.example");

        await front.Server.StopAsync(SecureFront.Token);

        Assert.Equal("", await silent.ReadToEndAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task A_stop_lets_a_request_over_tls_finish()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = new SecureFront();
        await front.StartAsync(backend.Address, front.Write("a", front.Authority.Issue(["a.example"])));
        await using var client = await front.ConnectAsync("a.example");
        var answering = client.GetAsync("a.example");
        using var worker = await backend.AcceptAsync();
        await worker.ReadHeadAsync();

        var stop = front.Server.StopAsync(SecureFront.Token);
        await worker.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone");

        Assert.EndsWith("\r\n\r\ndone", await answering, StringComparison.Ordinal);
        await stop;
    }
}
