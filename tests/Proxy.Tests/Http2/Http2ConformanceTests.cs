using BlueGreen.Proxy.Upstreams;

namespace BlueGreen.Proxy.Tests.Http2;

/// <summary>What the front does with frames that are not as RFC 9113 wants them, and with some that are.</summary>
public sealed class Http2ConformanceTests
{
    private static readonly (string, string)[] Request = [(":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "a")];

    public static TheoryData<Http2Case> Cases => [.. Http2Cases.All];

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public async Task A_rule_is_kept_and_a_worker_sees_no_request_that_breaks_it(Http2Case one)
    {
        ArgumentNullException.ThrowIfNull(one);
        using var backend = new RecordingBackend();
        await using var front = await FrontUnderTest.StartAsync(backend.Address);
        using (var client = await Http2Client.ConnectAsync(front))
        {
            await client.Connection.WriteAsync(one.Sent);

            Assert.Equal(one.Outcome, await client.OutcomeAsync(isError: one.Outcome is not ("answer" or "ping")));
        }

        // Nothing is on its way to the worker after that.
        await front.Server.StopAsync(TestContext.Current.CancellationToken);
        if (one.ReachesWorker)
        {
            Assert.All(backend.Requests, request => Assert.Matches("^(GET|POST) / HTTP/1\\.1\r\n(Host: a\r\n|[!#-'*+.^_`|~\\w-]+: [ -~]*\r\n)+\r\n$", request.Head));
        }
        else
        {
            Assert.Empty(backend.Requests);
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task The_preface_of_the_front_is_its_settings_and_it_acknowledges_those_of_the_client()
    {
        await using var front = await FrontUnderTest.StartAsync();

        // http2/3.5/1, 6.5.3/2
        using var client = await Http2Client.ConnectAsync(front);

        Http2Frame frame;
        do
        {
            frame = await Http2Frame.ReadAsync(client.Connection, Http2Frame.Settings);
        }
        while (frame.Flags != Http2Frame.Ack);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_connection_that_begins_otherwise_is_no_http2()
    {
        await using var front = await FrontUnderTest.StartAsync();
        using var client = await front.ConnectAsync();

        // http2/3.5/2
        await client.WriteAsync("INVALID CONNECTION PREFACE\r\n\r\n");

        Assert.Equal("HTTP/1.1 505 HTTP Version Not Supported", (await client.ReadToEndAsync()).StartLine());
    }

    /// <summary>RFC 9113 wants a connection error (3.4); Kestrel does not insist, and a client that knows no settings has the defaults.</summary>
    [Fact(Timeout = 30_000)]
    public async Task Settings_may_be_missing_from_the_preface()
    {
        await using var front = await FrontUnderTest.StartAsync();
        using var client = new Http2Client(await front.ConnectAsync());

        await client.Connection.WriteAsync($"{Http2Frame.Preface}{new Http2Frame(Http2Frame.Ping, 0, 0, "12345678")}");

        Assert.Equal("ping", await client.OutcomeAsync(isError: false));
    }

    /// <summary>http2/5.1.2/1, with the front's own number.</summary>
    [Fact(Timeout = 30_000)]
    public async Task More_streams_at_once_than_the_front_said_are_refused()
    {
        const int most = 1024;
        await using var front = await FrontUnderTest.StartAsync();
        front.Upstream.BeginHold(new HoldOptions(2 * most, TimeSpan.FromMinutes(1)));
        using var client = await Http2Client.ConnectAsync(front);

        for (var i = 0; i <= most; i++)
        {
            await client.WriteAsync(Http2Frame.HeadersOf(1 + 2 * i, endStream: true, Request));
        }

        Assert.Equal("reset REFUSED_STREAM", await client.OutcomeAsync(isError: true));
        await front.HoldsAsync(most);
    }

    /// <summary>http2/6.9.1/1 and 6.9.2/1: DATA of an answer keeps to the window, which grows with the settings.</summary>
    [Fact(Timeout = 30_000)]
    public async Task An_answer_keeps_to_the_window_of_the_client()
    {
        await using var backend = await WebBackend.SayingAsync("answer");
        await using var front = await FrontUnderTest.StartAsync(backend.Address);
        using var client = await Http2Client.ConnectAsync(front, InitialWindow(1));
        await client.WriteAsync(Http2Frame.HeadersOf(1, endStream: true, Request));
        Assert.Equal("a", (await Http2Frame.ReadAsync(client.Connection, Http2Frame.Data)).Payload);

        await client.WriteAsync(new Http2Frame(Http2Frame.Settings, 0, 0, InitialWindow(3)));
        Assert.Equal("ns", (await Http2Frame.ReadAsync(client.Connection, Http2Frame.Data)).Payload);

        // http2/6.9.2/2: three bytes have gone, so it is -1 now, and 1 after the update.
        await client.WriteAsync(new Http2Frame(Http2Frame.Settings, 0, 0, InitialWindow(2)));
        await client.WriteAsync(new Http2Frame(Http2Frame.WindowUpdate, 0, 1, Http2Frame.Number(2)));
        Assert.Equal("w", (await Http2Frame.ReadAsync(client.Connection, Http2Frame.Data)).Payload);

        await client.WriteAsync(new Http2Frame(Http2Frame.WindowUpdate, 0, 1, Http2Frame.Number(100)));
        Assert.Equal("er", (await Http2Frame.ReadAsync(client.Connection, Http2Frame.Data)).Payload);
    }

    private static string InitialWindow(uint bytes) => "\0\u0004" + Http2Frame.Number(bytes);
}
