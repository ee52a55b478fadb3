using System.Net;
using System.Net.Sockets;
using BlueGreen.Proxy.Upstreams;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace BlueGreen.Proxy.Tests.Forwarding;

/// <summary>A request that no worker has begun goes to another, or to the next one.</summary>
public sealed class ResendingTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    [Theory(Timeout = 30_000)]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task An_upload_that_no_worker_took_reaches_the_next_one_whole(string version)
    {
        using var dead = RawBackend.RefusingTcp();
        await using var next = await WebBackend.StartAsync(context => context.Request.Body.CopyToAsync(context.Response.Body));
        await using var front = await FrontUnderTest.StartAsync(dead);
        using var client = front.NewClient(Version.Parse(version));
        var body = new byte[300_000];
        new Random(1).NextBytes(body);
        using var content = new ByteArrayContent(body);
        var answering = client.PostAsync("/", content, TestContext.Current.CancellationToken);
        await front.HoldsAsync(1);

        front.SwitchTo(next.Address);

        using var answer = await answering;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(body, await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.True(front.Upstream.Resent > 0);
        Assert.Equal(0, front.Upstream.Held);
    }

    [Fact(Timeout = 30_000)]
    public async Task While_one_of_two_workers_refuses_the_other_gets_its_requests_at_once()
    {
        using var dead = RawBackend.RefusingTcp();
        await using var living = await WebBackend.StartAsync(context => context.Request.Body.CopyToAsync(context.Response.Body));
        await using var front = await FrontUnderTest.StartAsync();
        // Whoever waited would wait for ever.
        front.Upstream.HoldOptions = new HoldOptions(Limit: 0, TimeSpan.Zero);
        front.SwitchToAll(dead.Address, living.Address);
        using var client = front.NewClient();

        for (var i = 0; i < 50; i++)
        {
            using var content = new StringContent($"{i}");
            using var answer = await client.PostAsync("/", content, TestContext.Current.CancellationToken);
            Assert.Equal($"{i}", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        Assert.Equal(25, front.Upstream.Resent);
        Assert.All(front.Upstream.Split.Backends, backend => Assert.Equal(default, backend.InFlight));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_worker_that_refuses_for_a_moment_gets_the_request_without_any_switch()
    {
        using var backend = RawBackend.RefusingTcp();
        await using var front = await FrontUnderTest.StartAsync(backend);
        using var client = await front.ConnectAsync();
        await client.WriteAsync("DELETE / HTTP/1.1\r\nHost: a\r\n\r\n");
        await front.HoldsAsync(1);

        backend.Listen();

        using var worker = await backend.AcceptAsync();
        Assert.Equal("DELETE / HTTP/1.1", (await worker.ReadHeadAsync()).StartLine());
    }

    [Fact(Timeout = 30_000)]
    public async Task A_unix_socket_whose_queue_is_full_is_tried_again()
    {
        var folder = Directory.CreateTempSubdirectory("bluegreen");
        try
        {
            var path = Path.Combine(folder.FullName, "worker.sock");
            using var backend = RawBackend.OverUnix(path, backlog: 0);
            using var filling = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await filling.ConnectAsync(new UnixDomainSocketEndPoint(path), TestContext.Current.CancellationToken);
            await using var front = await FrontUnderTest.StartAsync(backend);
            using var client = await front.ConnectAsync();
            await client.WriteAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
            await front.HoldsAsync(1);

            using var filler = await backend.AcceptAsync();

            using var worker = await backend.AcceptAsync();
            Assert.Equal("POST / HTTP/1.1", (await worker.ReadHeadAsync()).StartLine());
            Assert.Equal("hello", await worker.ReadAsync(5));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task A_unix_socket_that_is_gone_is_tried_again()
    {
        await using var next = await WebBackend.SayingAsync("next");
        await using var front = await FrontUnderTest.StartAsync(BackendAddress.ForUnix("/nowhere/at/all.sock"));
        using var client = front.NewClient();
        var answering = client.GetStringAsync("/", TestContext.Current.CancellationToken);
        await front.HoldsAsync(1);

        front.SwitchTo(next.Address);

        Assert.Equal("next", await answering);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_request_that_waited_as_long_as_it_may_is_told_to_try_again()
    {
        var time = new FakeTimeProvider();
        using var dead = RawBackend.RefusingTcp();
        await using var front = await FrontUnderTest.StartAsync(dead, time);
        front.Upstream.HoldOptions = new HoldOptions(Limit: 1, TimeSpan.FromSeconds(10));
        using var client = await front.ConnectAsync();
        await client.WriteAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
        await front.HoldsAsync(1);
        using var other = await front.ConnectAsync();
        await other.WriteAsync(Get);
        var refused = await other.ReadHeadAsync();
        Assert.Equal("HTTP/1.1 503 Service Unavailable", refused.StartLine());
        Assert.Equal("1", refused.Field("Retry-After"));

        time.Advance(TimeSpan.FromSeconds(10));

        var head = await client.ReadHeadAsync();
        Assert.Equal("HTTP/1.1 503 Service Unavailable", head.StartLine());
        Assert.Equal("1", head.Field("Retry-After"));
        Assert.Equal(0, front.Upstream.Held);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_client_that_goes_away_while_its_request_waits_leaves_nothing_behind()
    {
        using var dead = RawBackend.RefusingTcp();
        await using var front = await FrontUnderTest.StartAsync(dead, new FakeTimeProvider());
        using var client = await front.ConnectAsync();
        await client.WriteAsync(Get);
        await front.HoldsAsync(1);

        client.Abort();

        await front.HoldsAsync(0);
        await front.Server.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(default, front.Upstream.Split.Backends.Single().InFlight);
        Assert.DoesNotContain(front.Log, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_request_whose_worker_died_waits_in_the_hold_for_the_next_one()
    {
        using var dead = RawBackend.RefusingTcp();
        await using var next = await WebBackend.SayingAsync("next");
        await using var front = await FrontUnderTest.StartAsync(dead);
        using var client = front.NewClient();
        var answering = client.GetStringAsync("/", TestContext.Current.CancellationToken);
        await front.HoldsAsync(1);

        front.Upstream.Switch([], HoldOptions.Default);
        await front.HoldsAsync(1);
        front.SwitchTo(next.Address);

        Assert.Equal("next", await answering);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_worker_killed_under_load_and_replaced_loses_no_safe_request()
    {
        const int Clients = 8;
        using var dying = new MortalBackend(answers: int.MaxValue);
        await using var next = await WebBackend.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return Task.CompletedTask;
        });
        await using var front = await FrontUnderTest.StartAsync(dying.Address);
        using var answered = new SemaphoreSlim(0);
        var clients = Enumerable.Range(0, Clients).Select(_ => Task.Run(AskUntilTheNextAnswersAsync)).ToArray();
        for (var i = 0; i < Clients * 20; i++)
        {
            await answered.WaitAsync(TestContext.Current.CancellationToken);
        }

        dying.Kill();
        await front.HoldsAsync(Clients);
        front.SwitchTo(next.Address);

        await Task.WhenAll(clients);
        Assert.Equal(0, front.Upstream.Held);

        async Task AskUntilTheNextAnswersAsync()
        {
            using var client = front.NewClient();
            while (true)
            {
                using var answer = await client.GetAsync("/", TestContext.Current.CancellationToken);
                if (answer.StatusCode == HttpStatusCode.Accepted)
                {
                    return;
                }

                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                answered.Release();
            }
        }
    }
}
