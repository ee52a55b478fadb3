using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using BlueGreen.EndToEnd.Tests.Harness;

namespace BlueGreen.EndToEnd.Tests.Fronts;

public sealed partial class ProxyProtocolTests : IDisposable
{
    /// <summary>Of this machine, but not trusted, and not HAProxy's own.</summary>
    private const string ClientAddress = "127.0.0.5";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = 60_000)]
    [InlineData("http", "send-proxy")]
    [InlineData("http", "send-proxy-v2")]
    [InlineData("https", "send-proxy-v2")]
    public async Task Behind_haproxy_the_worker_is_told_the_client_and_its_connection_outlives_a_deploy(string scheme, string option)
    {
        SiteCertificate.Write(_folder, "site");
        _folder.Configure("tls: {certificates: {certificate: site.pem, key: key.pem}}\ntrustedProxies: [127.0.0.1]\napps: {web: {probation: 0s}}\n");
        await using var front = await Front.StartAsync(
            _folder, "--listen", "http://127.0.0.1:0?proxyProtocol=required", "--listen", "https://127.0.0.1:0?proxyProtocol=required",
            SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);
        await using var haproxy = await HaProxy.StartAsync(_folder, scheme == "http" ? front.Address : new Uri(Https().Match(front.Log).Value), option);
        var connections = 0;
        using var client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null },
            ConnectCallback = async (_, cancel) =>
            {
                connections++;
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Parse(ClientAddress), 0));
                await socket.ConnectAsync(haproxy.Address, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        {
            BaseAddress = new Uri($"{scheme}://site.example"),
        };

        Assert.Equal(("1", ClientAddress, scheme), await AskAsync(client));
        Assert.Equal(0, (await front.DeployAsync(SampleRelease.Make(_folder, "v2"))).Code);
        Assert.Equal(("2", ClientAddress, scheme), await AskAsync(client));

        Assert.Equal(1, connections);
        Assert.DoesNotContain("DOWN", haproxy.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("PROXY header", front.Log, StringComparison.Ordinal);
    }

    private static async Task<(string Release, string For, string Proto)> AskAsync(HttpClient client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/headers") { Headers = { { "X-Forwarded-For", "10.9.9.9" } } };
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, body), (answer.StatusCode, body));
        var headers = JsonDocument.Parse(body).RootElement.GetProperty("headers");
        return (answer.Headers.GetValues("X-Release").Single(), Field("X-Forwarded-For"), Field("X-Forwarded-Proto"));

        string Field(string name) => headers.GetProperty(name).EnumerateArray().Single().GetString()!;
    }

    [GeneratedRegex(@"https://127\.0\.0\.1:\d+")]
    private static partial Regex Https();
}
