using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using BlueGreen.EndToEnd.Tests.Harness;

namespace BlueGreen.EndToEnd.Tests.Fronts;

public sealed partial class TlsTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task A_front_serves_https_redirects_to_it_and_takes_a_renewed_certificate_without_dropping_a_connection()
    {
        SiteCertificate.Write(_folder, "old");
        _folder.Configure("tls: {certificates: {certificate: site.pem, key: key.pem}, redirect: true}\napps: {web: {probation: 0s}}\n");
        await using var front = await Front.StartAsync(
            _folder, "--listen", "http://127.0.0.1:0", "--listen", "https://127.0.0.1:0", SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);
        var https = Https().Match(front.Log).Value;
        Assert.Contains(https, (await front.RunAsync("status", "--json")).Output, StringComparison.Ordinal);
        var shown = new List<string>();
        using var client = ClientOf(new Uri(https), shown);

        Assert.Equal("1", await ReleaseAsync(client));
        using var redirected = await RedirectAsync(front.Address);
        Assert.Equal((HttpStatusCode.PermanentRedirect, $"https://site.example:{new Uri(https).Port}/x"),
            (redirected.StatusCode, $"{redirected.Headers.Location}"));

        SiteCertificate.Write(_folder, "renewed");
        Assert.Equal(0, (await front.RunAsync("reload")).Code);
        Assert.Equal(0, (await front.DeployAsync(SampleRelease.Make(_folder, "v2"))).Code);

        Assert.Equal("2", await ReleaseAsync(client));
        Assert.Equal(["CN=old"], shown);
        using var another = ClientOf(new Uri(https), shown);
        Assert.Equal("2", await ReleaseAsync(another));
        Assert.Equal(["CN=old", "CN=renewed"], shown);
        Assert.Equal(0, await front.StopAsync());
    }

    /// <summary>A client that notes the subject of each certificate it is shown, one a connection.</summary>
    private static HttpClient ClientOf(Uri front, List<string> shown) => new(new SocketsHttpHandler
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            {
                shown.Add(certificate!.Subject);
                return certificate is not null;
            },
        },
        ConnectCallback = async (_, cancel) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, front.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    private static async Task<string> ReleaseAsync(HttpClient client)
    {
        using var answer = await client.GetAsync(new Uri("https://site.example/"), TestContext.Current.CancellationToken);
        return answer.Headers.GetValues("X-Release").Single();
    }

    private static async Task<HttpResponseMessage> RedirectAsync(Uri http)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(http, "/x"));
        request.Headers.Host = "site.example";
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    [GeneratedRegex(@"https://127\.0\.0\.1:\d+")]
    private static partial Regex Https();
}
