using System.Net;
using BlueGreen.Proxy.Routing;

namespace BlueGreen.Proxy.Tests.Forwarding;

public sealed class FailureTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    [Fact(Timeout = 30_000)]
    public async Task Before_the_first_deploy_a_page_says_which_command_deploys()
    {
        await using var front = await FrontUnderTest.StartAsync();

        var answer = await AskAsync(front);

        Assert.Equal("HTTP/1.1 503 Service Unavailable", answer.StartLine());
        Assert.Equal("text/plain; charset=utf-8", answer.Field("Content-Type"));
        Assert.Equal("1", answer.Field("Retry-After"));
        Assert.Equal("no-store", answer.Field("Cache-Control"));
        Assert.Contains("bluegreen deploy PATH --app web", answer, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_request_that_no_app_takes_is_not_found()
    {
        await using var front = await FrontUnderTest.StartAsync();
        front.Server.Routes = new RouteTable([new Route(front.Upstream, ["other.example"], "/")]);

        Assert.Equal("HTTP/1.1 404 Not Found", (await AskAsync(front)).StartLine());
    }

    [Theory(Timeout = 30_000)]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n")]
    [InlineData("this is not HTTP\r\n\r\n")]
    public async Task A_worker_that_goes_away_before_it_answered_is_a_bad_gateway(string sent)
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var exchange = await front.SendAsync(backend, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx");
        await exchange.Worker.ReadAsync(1);

        await exchange.Worker.WriteAsync(sent);
        exchange.Worker.Abort();

        AssertBadGateway(await exchange.Client.ReadToEndAsync());
    }

    [Theory(Timeout = 30_000)]
    [InlineData("Content-Length: 10\r\n\r\nhalf", false)]
    [InlineData("Content-Length: 10\r\n\r\nhalf", true)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", false)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", true)]
    [InlineData("Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n4\r\nhalf\r\n", true)]
    [InlineData("\r\nhalf", true)]
    public async Task A_worker_that_goes_away_amid_its_answer_leaves_a_broken_one_never_a_complete_one(string sent, bool reset)
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var exchange = await front.SendAsync(backend, Get);
        await exchange.Worker.WriteAsync("HTTP/1.1 200 OK\r\n" + sent);
        var arrived = await exchange.Client.ReadThroughAsync("half");

        End(exchange.Worker, reset);

        arrived += await exchange.Client.ReadToEndAsync();
        Assert.DoesNotContain("\r\n0\r\n", arrived, StringComparison.Ordinal);
        Assert.EndsWith("half", arrived.TrimEnd(), StringComparison.Ordinal);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("Transfer-Encoding: chunked\r\n", false)]
    [InlineData("Transfer-Encoding: chunked\r\n", true)]
    [InlineData("Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n", true)]
    [InlineData("", true)]
    public async Task A_worker_that_goes_away_between_its_head_and_its_body_leaves_a_broken_answer(string framing, bool reset)
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var exchange = await front.SendAsync(backend, Get);
        var head = await exchange.AnswerAsync($"HTTP/1.1 200 OK\r\n{framing}\r\n");
        Assert.Equal("HTTP/1.1 200 OK", head.StartLine());

        End(exchange.Worker, reset);

        Assert.Equal("", await exchange.Client.ReadToEndAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task An_http2_client_sees_a_broken_answer_as_such()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var client = front.NewClient(HttpVersion.Version20);
        var cancel = TestContext.Current.CancellationToken;
        var answering = client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead, cancel);
        using var worker = await backend.AcceptAsync();
        await worker.ReadHeadAsync();
        await worker.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
        using var answer = await answering;

        worker.Abort();

        await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsStringAsync(cancel));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_connect_request_is_refused_and_reaches_no_worker()
    {
        await using var backend = await WebBackend.SayingAsync("reached");
        await using var front = await FrontUnderTest.StartAsync(backend.Address);
        using var client = await front.ConnectAsync();

        await client.WriteAsync("CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\nConnection: close\r\n\r\n");

        var answer = await client.ReadToEndAsync();
        Assert.Equal("HTTP/1.1 501 Not Implemented", answer.StartLine());
        Assert.DoesNotContain("reached", answer, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task After_a_failure_the_clients_connection_serves_on()
    {
        using var backend = RawBackend.OverTcp();
        await using var next = await WebBackend.SayingAsync("next");
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var exchange = await front.SendAsync(backend, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");
        exchange.Worker.Abort();
        Assert.Equal("HTTP/1.1 502 Bad Gateway", (await exchange.Client.ReadMessageAsync()).StartLine());

        front.SwitchTo(next.Address);
        await exchange.Client.WriteAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.Equal("HTTP/1.1 200 OK", (await exchange.Client.ReadHeadAsync()).StartLine());
    }

    private static async Task<string> AskAsync(FrontUnderTest front)
    {
        using var client = await front.ConnectAsync();
        await client.WriteAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        return await client.ReadToEndAsync();
    }

    private static void AssertBadGateway(string answer)
    {
        Assert.Equal("HTTP/1.1 502 Bad Gateway", answer.StartLine());
        Assert.Equal("text/plain; charset=utf-8", answer.Field("Content-Type"));
        Assert.Contains("502 ", answer[answer.IndexOf("\r\n\r\n", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    private static void End(RawConnection worker, bool reset)
    {
        if (reset)
        {
            worker.Abort();
        }
        else
        {
            worker.Dispose();
        }
    }
}
