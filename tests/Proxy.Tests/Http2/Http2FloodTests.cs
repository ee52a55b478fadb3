using System.Net.Sockets;

namespace BlueGreen.Proxy.Tests.Http2;

/// <summary>Clients that send what costs them little without end: each is stopped, or held up by its own connection, and others are served.</summary>
public sealed class Http2FloodTests
{
    /// <summary>More than all buffers on the way hold, of the kernel and of the front.</summary>
    private const int Megabytes = 64;

    private static readonly (string, string)[] Get = [(":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "a")];

    /// <summary>CVE-2024-27316 and its kin.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(1000)]
    [InlineData(0)]
    public async Task Continuations_without_end_are_stopped(int fields)
    {
        using var backend = new RecordingBackend();
        await using var front = await FrontUnderTest.StartAsync(backend.Address, limits: new ClientLimits { Headers = TimeSpan.FromSeconds(1) });
        using var client = await Http2Client.ConnectAsync(front);
        await client.WriteAsync(Http2Frame.HeadersOf(1, endStream: true, Get) with { Flags = Http2Frame.EndStream });
        var block = string.Concat(Enumerable.Repeat(Http2Frame.Literal(("x", "y")), fields));

        Assert.True(await IsStoppedAsync(client, new Http2Frame(Http2Frame.Continuation, 0, 1, block).ToString()));

        Assert.Empty(backend.Seen);
        await AssertServesAsync(front);
    }

    /// <summary>CVE-2023-44487.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Streams_reset_as_soon_as_they_begin_do_not_pile_up_at_the_worker()
    {
        const int Streams = 20_000;
        using var backend = new RecordingBackend();
        await using var front = await FrontUnderTest.StartAsync();
        var worker = front.SwitchTo(backend.Address);
        using var client = await Http2Client.ConnectAsync(front);
        var most = 0;
        try
        {
            for (var i = 0; i < Streams; i++)
            {
                await client.Connection.WriteAsync(
                    $"{Http2Frame.HeadersOf(1 + 2 * i, endStream: true, Get)}{Http2Frame.ResetOf(1 + 2 * i, code: 8)}");
                most = Math.Max(most, worker.InFlight.Total);
            }
        }
        catch (SocketException)
        {
            // Cut for it.
        }

        // No more than the streams the front allows at once.
        Assert.InRange(most, 0, 1024);
        await AssertServesAsync(front);
        while (worker.InFlight.Total > 0)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData(Http2Frame.Ping, "12345678")]
    [InlineData(Http2Frame.Settings, "")]
    public async Task Frames_that_ask_for_an_answer_nobody_reads_hold_up_their_own_connection(byte type, string payload)
    {
        await using var backend = await WebBackend.SayingAsync("ok");
        await using var front = await FrontUnderTest.StartAsync(backend.Address);
        using var client = await Http2Client.ConnectAsync(front);

        Assert.True(await IsStoppedAsync(client, string.Concat(Enumerable.Repeat(new Http2Frame(type, 0, 0, payload).ToString(), 1000))));

        await AssertServesAsync(front);
    }

    /// <summary>Sends until the connection has ended or takes no more for some time.</summary>
    /// <returns>False when it took all of it.</returns>
    private static async Task<bool> IsStoppedAsync(Http2Client client, string piece)
    {
        try
        {
            for (var sent = 0L; sent < Megabytes * 1024 * 1024; sent += piece.Length)
            {
                var writing = client.Connection.WriteAsync(piece);
                if (await Task.WhenAny(writing, Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken)) != writing)
                {
                    return true;
                }

                await writing;
            }

            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private static async Task AssertServesAsync(FrontUnderTest front)
    {
        using var other = front.NewClient();
        using var answer = await other.GetAsync("/", TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode);
    }
}
