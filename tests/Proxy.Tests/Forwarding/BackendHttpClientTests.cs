using System.Globalization;
using System.Net;
using BlueGreen.Proxy.Upstreams;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Proxy.Tests.Forwarding;

public sealed class BackendHttpClientTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private const string Empty = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    [Fact(Timeout = 30_000)]
    public async Task A_worker_behind_a_unix_socket_is_forwarded_to_like_any_other()
    {
        var folder = Directory.CreateTempSubdirectory("bluegreen");
        try
        {
            using var backend = RawBackend.OverUnix(Path.Combine(folder.FullName, "worker.sock"));
            await using var front = await FrontUnderTest.StartAsync(backend);
            using var exchange = await front.SendAsync(backend, "POST /a%2Fb HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 2\r\n\r\nhi");

            Assert.Equal("POST /a%2Fb HTTP/1.1", exchange.Seen.StartLine());
            Assert.Equal("shop.example", exchange.Seen.Field("Host"));
            Assert.Equal("hi", await exchange.Worker.ReadAsync(2));
            Assert.Equal("HTTP/1.1 200 OK", (await exchange.AnswerAsync(Empty)).StartLine());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task A_socket_that_somebody_else_listens_on_gets_no_request()
    {
        var folder = Directory.CreateTempSubdirectory("bluegreen");
        try
        {
            // As a worker could, that runs as another user and is asked through a front that is root.
            using var other = RawBackend.OverUnix(Path.Combine(folder.FullName, "of-root.sock"));
            var path = File.CreateSymbolicLink(Path.Combine(folder.FullName, "worker.sock"), "of-root.sock").FullName;
            await using var front = await FrontUnderTest.StartAsync(BackendAddress.ForUnix(path, OwnUser() + 1));
            using var client = front.NewClient();
            var answering = client.GetStringAsync("/", TestContext.Current.CancellationToken);
            await front.HoldsAsync(1);
            using var seen = await other.AcceptAsync();

            Assert.Equal("", await seen.ReadToEndAsync());

            await using var next = await WebBackend.SayingAsync("next");
            front.SwitchTo(next.Address);
            Assert.Equal("next", await answering);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task A_socket_that_its_worker_listens_on_gets_them()
    {
        var folder = Directory.CreateTempSubdirectory("bluegreen");
        try
        {
            var path = Path.Combine(folder.FullName, "worker.sock");
            using var backend = RawBackend.OverUnix(path);
            await using var front = await FrontUnderTest.StartAsync(BackendAddress.ForUnix(path, OwnUser()));
            using var exchange = await front.SendAsync(backend, Get);

            Assert.Equal("HTTP/1.1 200 OK", (await exchange.AnswerAsync(Empty)).StartLine());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task An_idle_connection_to_a_worker_is_closed_before_the_worker_would()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var exchange = await front.SendAsync(backend, Get);
        await exchange.AnswerAsync(Empty);
        var idle = System.Diagnostics.Stopwatch.StartNew();

        Assert.Equal("", await exchange.Worker.ReadToEndAsync());

        Assert.InRange(idle.Elapsed, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_connection_the_worker_closed_while_idle_costs_no_request()
    {
        using var backend = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var exchange = await front.SendAsync(backend, Get);
        await exchange.AnswerAsync(Empty);
        exchange.Worker.Dispose();

        using var again = await front.SendAsync(backend, Get);

        Assert.Equal("HTTP/1.1 200 OK", (await again.AnswerAsync(Empty)).StartLine());
    }

    [Fact(Timeout = 30_000)]
    public async Task The_connections_of_a_backend_end_with_it()
    {
        using var port = RawBackend.OverTcp();
        await using var front = await FrontUnderTest.StartAsync();
        var first = front.SwitchTo(port.Address);
        using var exchange = await front.SendAsync(port, Get);
        await exchange.AnswerAsync(Empty);

        front.SwitchTo(port.Address);
        first.Dispose();

        Assert.Equal("", await exchange.Worker.ReadToEndAsync());
        using var again = await front.SendAsync(port, Get);
        Assert.Equal("HTTP/1.1 200 OK", (await again.AnswerAsync(Empty)).StartLine());
    }

    [Fact(Timeout = 30_000)]
    public async Task Redirects_cookies_and_compressed_bodies_are_the_clients_to_handle()
    {
        await using var backend = await WebBackend.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status302Found;
            context.Response.Headers.Location = "/elsewhere";
            context.Response.Headers.ContentEncoding = "gzip";
            context.Response.Headers.SetCookie = "a=1";
            return context.Response.WriteAsync(context.Request.Headers.Cookie.ToString() + "not really gzip");
        });
        await using var front = await FrontUnderTest.StartAsync(backend.Address);
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = front.Url };

        for (var i = 0; i < 2; i++)
        {
            using var answer = await client.GetAsync("/", TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
            Assert.Equal("gzip", answer.Content.Headers.ContentEncoding.Single());
            Assert.Equal("not really gzip", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }

    private static uint OwnUser() => uint.Parse(
        File.ReadLines("/proc/self/status").Single(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1], CultureInfo.InvariantCulture);
}
