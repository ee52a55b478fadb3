using BlueGreen.Proxy.Routing;
using BlueGreen.Proxy.Tests.Http2;
using BlueGreen.Proxy.Upstreams;

namespace BlueGreen.Proxy.Tests.Forwarding;

/// <summary>A request that names two hosts goes to the app of one of them, and that one is all its worker sees.</summary>
public sealed class HostTests : IDisposable
{
    private readonly List<Backend> _backends = [];

    public void Dispose() => _backends.ForEach(backend => backend.Dispose());

    [Theory(Timeout = 30_000)]
    [InlineData("GET / HTTP/1.1\r\nHost: a.example\r\n", "a.example")]
    [InlineData("GET http://a.example/ HTTP/1.1\r\nHost: b.example\r\n", "a.example")]
    [InlineData("GET http://b.example:81/ HTTP/1.1\r\nHost: a.example\r\n", "b.example:81")]
    [InlineData("GET http://A.EXAMPLE/ HTTP/1.1\r\nHost: b.example\r\n", "a.example")]
    public async Task Over_http11_it_is_that_of_the_target(string head, string host)
    {
        using var a = new RecordingBackend();
        using var b = new RecordingBackend();
        await using var front = await StartAsync(a, b);
        using var client = await front.ConnectAsync();

        await client.WriteAsync(head + "Connection: close\r\n\r\n");

        Assert.Equal("HTTP/1.1 200 OK", (await client.ReadToEndAsync()).StartLine());
        AssertOnly(host, a, b);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("a.example", null)]
    [InlineData("a.example", "b.example")]
    [InlineData("b.example:81", "a.example")]
    public async Task Over_http2_it_is_the_authority(string authority, string? host)
    {
        using var a = new RecordingBackend();
        using var b = new RecordingBackend();
        await using var front = await StartAsync(a, b);
        using var client = await Http2Client.ConnectAsync(front);
        (string, string)[] fields = [(":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", authority)];

        await client.WriteAsync(Http2Frame.HeadersOf(1, endStream: true, host is null ? fields : [.. fields, ("host", host)]));

        Assert.Equal("answer", await client.OutcomeAsync(isError: false));
        AssertOnly(authority, a, b);
    }

    [Fact(Timeout = 30_000)]
    public async Task Over_http2_without_an_authority_it_is_the_header()
    {
        using var a = new RecordingBackend();
        using var b = new RecordingBackend();
        await using var front = await StartAsync(a, b);
        using var client = await Http2Client.ConnectAsync(front);

        await client.WriteAsync(Http2Frame.HeadersOf(
            1, endStream: true, (":method", "GET"), (":scheme", "http"), (":path", "/"), ("host", "b.example")));

        Assert.Equal("answer", await client.OutcomeAsync(isError: false));
        AssertOnly("b.example", a, b);
    }

    private async Task<FrontUnderTest> StartAsync(RecordingBackend a, RecordingBackend b)
    {
        var front = await FrontUnderTest.StartAsync();
        front.Server.Routes = new RouteTable([new Route(UpstreamOf("a", a), ["a.example"], "/"), new Route(UpstreamOf("b", b), ["b.example"], "/")]);
        return front;
    }

    private Upstream UpstreamOf(string app, RecordingBackend backend)
    {
        var upstream = new Upstream(app, TimeProvider.System);
        _backends.Add(new Backend($"{app}.1.1", backend.Address, TimeProvider.System));
        upstream.Switch([_backends[^1]]);
        return upstream;
    }

    private static void AssertOnly(string host, RecordingBackend a, RecordingBackend b)
    {
        var (asked, other) = host.StartsWith("a.", StringComparison.OrdinalIgnoreCase) ? (a, b) : (b, a);
        Assert.Equal(host, asked.Requests.Single().Head.Fields("Host").Single());
        Assert.Empty(other.Requests);
    }
}
