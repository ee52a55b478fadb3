using System.Net;
using BlueGreen.Proxy.Listeners;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlueGreen.Proxy.Tests;

public sealed class ProxyServerTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    [Fact(Timeout = 30_000)]
    public async Task Several_addresses_are_listened_on()
    {
        await using var server = ProxyServer.Open(
            [new Uri("http://127.0.0.1:0"), new Uri("http://[::1]:0")], NullLoggerFactory.Instance);
        await server.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient();

        Assert.Equal(["127.0.0.1", "[::1]"], server.Addresses.Select(url => url.Host));
        foreach (var url in server.Addresses)
        {
            using var answer = await client.GetAsync(url, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task When_one_address_is_taken_none_stays_open()
    {
        using var taken = ListeningSocket.Open(new Uri("http://127.0.0.1:0"));
        using var free = ListeningSocket.Open(new Uri("http://127.0.0.1:0"));
        var url = free.Url;
        free.Dispose();

        Assert.Throws<ListenException>(() => ProxyServer.Open([url, taken.Url], NullLoggerFactory.Instance));

        using var again = ListeningSocket.Open(url);
    }

    [Fact(Timeout = 30_000)]
    public async Task Connections_made_before_the_start_are_served_after_it()
    {
        await using var server = ProxyServer.Open([new Uri("http://127.0.0.1:0")], NullLoggerFactory.Instance);
        using var client = await RawConnection.OpenAsync(new IPEndPoint(IPAddress.Loopback, server.Addresses[0].Port));
        await client.WriteAsync(Get);

        await server.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal("HTTP/1.1 404 Not Found", (await client.ReadHeadAsync()).StartLine());
    }

    [Fact(Timeout = 30_000)]
    public async Task A_stop_refuses_connections_at_once_closes_idle_ones_and_lets_requests_finish()
    {
        using var backend = RawBackend.OverTcp();
        await using var web = await WebBackend.SayingAsync("idle");
        await using var front = await FrontUnderTest.StartAsync(web.Address);
        using var idle = await front.ConnectAsync();
        await idle.WriteAsync(Get);
        await idle.ReadThroughAsync("0\r\n\r\n");
        using var silent = await front.ConnectAsync();
        front.SwitchTo(backend.Address);
        using var exchange = await front.SendAsync(backend, Get);

        var stop = front.Server.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal("", await idle.ReadToEndAsync());
        Assert.Equal("", await silent.ReadToEndAsync());
        Assert.True(await front.RefusesConnectionsAsync());
        Assert.False(stop.IsCompleted);
        await exchange.Worker.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone");
        var answer = await exchange.Client.ReadToEndAsync();
        Assert.EndsWith("\r\n\r\ndone", answer, StringComparison.Ordinal);
        Assert.Equal("close", answer.Field("Connection"));
        await stop;
    }

    [Fact(Timeout = 30_000)]
    public async Task A_stop_lets_http2_requests_finish_and_closes_their_connection()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var client = front.NewClient(HttpVersion.Version20);
        var answering = client.GetStringAsync("/", TestContext.Current.CancellationToken);
        using var worker = await backend.AcceptAsync();
        await worker.ReadHeadAsync();

        var stop = front.Server.StopAsync(TestContext.Current.CancellationToken);
        await worker.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone");

        Assert.Equal("done", await answering);
        await stop;
    }

    [Fact(Timeout = 30_000)]
    public async Task A_stop_that_is_hurried_cuts_what_is_left()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var exchange = await front.SendAsync(backend, Get);
        using var abort = new CancellationTokenSource();
        var stop = front.Server.StopAsync(abort.Token);

        await abort.CancelAsync();

        await Task.WhenAny(stop);
        Assert.DoesNotContain("200 OK", await exchange.Client.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal("", await exchange.Worker.ReadToEndAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task The_port_can_be_opened_again_right_after_a_stop()
    {
        await using var web = await WebBackend.SayingAsync("ok");
        await using var front = await FrontUnderTest.StartAsync(web.Address);
        using var client = await front.ConnectAsync();
        await client.WriteAsync(Get);
        await client.ReadThroughAsync("0\r\n\r\n");
        await front.Server.StopAsync(TestContext.Current.CancellationToken);

        await using var next = ProxyServer.Open([front.Url], NullLoggerFactory.Instance);

        Assert.Equal(front.Url, next.Addresses[0]);
    }

    [Fact(Timeout = 30_000)]
    public async Task The_last_bytes_of_answers_arrive_whole_while_the_front_stops()
    {
        var body = new string('x', 2_000_000);
        await using var web = await WebBackend.SayingAsync(body);
        await using var front = await FrontUnderTest.StartAsync(web.Address);
        var clients = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => front.ConnectAsync()));
        foreach (var client in clients)
        {
            await client.WriteAsync(Get);
            await client.ReadHeadAsync();
        }

        var stop = front.Server.StopAsync(TestContext.Current.CancellationToken);

        foreach (var client in clients)
        {
            Assert.Equal(body.Length, HttpText.Unchunk(await client.ReadToEndAsync()).Length);
            client.Dispose();
        }

        await stop;
    }

    [Fact(Timeout = 30_000)]
    public async Task The_signals_of_the_process_are_not_the_data_planes()
    {
        await using var front = await FrontUnderTest.StartAsync();

        Assert.DoesNotContain(front.Log, line => line.Contains("Ctrl+C", StringComparison.Ordinal));
    }

    [Fact(Timeout = 30_000)]
    public async Task Routes_are_replaced_as_a_whole_while_requests_come()
    {
        await using var web = await WebBackend.StartAsync(context => context.Response.WriteAsync("web"));
        await using var front = await FrontUnderTest.StartAsync(web.Address);
        using var client = front.NewClient();
        var cancel = TestContext.Current.CancellationToken;
        Assert.Equal("web", await client.GetStringAsync("/", cancel));

        front.Server.Routes = new([new(front.Upstream, [], "/app")]);

        Assert.Equal("web", await client.GetStringAsync("/app/x", cancel));
        using var outside = await client.GetAsync("/", cancel);
        Assert.Equal(HttpStatusCode.NotFound, outside.StatusCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task Requests_on_many_connections_lose_nothing_while_releases_switch()
    {
        const int Switches = 100;
        await using var blue = await WebBackend.StartAsync(EchoAsync);
        await using var green = await WebBackend.StartAsync(EchoAsync);
        await using var front = await FrontUnderTest.StartAsync(blue.Address);
        using var stop = new CancellationTokenSource();
        using var answered = new SemaphoreSlim(0);
        var clients = Enumerable.Range(0, 8).Select(client => Task.Run(() => PostUntilStoppedAsync(client))).ToArray();

        for (var i = 0; i < Switches; i++)
        {
            for (var some = 0; some < 10; some++)
            {
                await answered.WaitAsync(TestContext.Current.CancellationToken);
            }

            var old = front.Upstream.Split.Backends.Single();
            front.SwitchTo(i % 2 == 0 ? green.Address : blue.Address);
            var drained = await old.DrainAsync(new(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(20)), TestContext.Current.CancellationToken);
            Assert.Equal(0, drained.Cut);
            old.Dispose();
        }

        await stop.CancelAsync();
        Assert.True((await Task.WhenAll(clients)).Sum() >= Switches * 10);

        async Task<int> PostUntilStoppedAsync(int id)
        {
            using var client = front.NewClient();
            var sent = 0;
            while (!stop.IsCancellationRequested)
            {
                var text = $"{id}.{sent++}";
                using var content = new StringContent(text);
                using var answer = await client.PostAsync("/", content, CancellationToken.None);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                Assert.Equal(text, await answer.Content.ReadAsStringAsync(CancellationToken.None));
                answered.Release();
            }

            return sent;
        }

        static Task EchoAsync(HttpContext context) => context.Request.Body.CopyToAsync(context.Response.Body);
    }
}
