using BlueGreen.Agent.Releases.Fetching;

namespace BlueGreen.Agent.Tests.Hosting.Configuration;

public sealed class ConfigurationSourceTests
{
    [Theory]
    [InlineData("./current", "/etc/bluegreen/current")]
    [InlineData("https://me:pw@example.com/x?y", "https://me:pw@example.com/x?y")]
    [InlineData("s3://builds/web/", "s3://builds/web/")]
    [InlineData("github://acme/web@v1", "github://acme/web@v1")]
    [InlineData("{url: ./current}", "/etc/bluegreen/current")]
    [InlineData("{url: 'github://acme/web'}", "github://acme/web")]
    public void A_source_is_a_path_or_a_URL_alone_or_in_a_map(string written, string text)
    {
        var source = Yaml.App($"source: {written}").Source!;
        Assert.Equal(text, source.Address.Text);
        Assert.Equal(SourceOptions.Default(source.Address), source);
    }

    [Fact]
    public void Every_key_of_a_source_is_read()
    {
        var source = Yaml.App(
            "source: {url: 'https://x/y', every: 90s, deploy: notify, maxSize: 1.5GiB, connect: 1s, stall: 2s, "
            + "auth: {user: u, password: p, passwordFile: pf, token: t, tokenFile: tf, tokenVariable: TV}, "
            + "s3: {endpoint: 'http://h:9000', region: r, pathStyle: false, accessKey: a, secretKey: s, secretKeyFile: sf, profile: pr}, "
            + "github: {api: 'https://ghe', prerelease: true, asset: '*x64*'}}").Source!;
        Assert.Equal(
            new SourceOptions
            {
                Address = new SourceAddress.Http(new Uri("https://x/y")),
                Every = TimeSpan.FromSeconds(90),
                Deploy = NewContent.Notify,
                MaxSize = 1_610_612_736,
                Connect = TimeSpan.FromSeconds(1),
                Stall = TimeSpan.FromSeconds(2),
                Auth = new SourceAuth
                {
                    User = "u",
                    Password = new Secret("p", "/etc/bluegreen/pf"),
                    Token = new Secret("t", "/etc/bluegreen/tf", "TV"),
                },
                S3 = new S3Options
                {
                    Endpoint = new Uri("http://h:9000"), Region = "r", PathStyle = false, AccessKey = "a", SecretKey = new Secret("s", "/etc/bluegreen/sf"), Profile = "pr",
                },
                GitHub = new GitHubOptions { Api = new Uri("https://ghe/api/v3/"), Prerelease = true, Asset = "*x64*" },
            },
            source);
    }

    [Theory]
    [InlineData("ftp://x/y", "'ftp://' is no source that is known; write a path, http://, https://, s3://BUCKET/KEY or github://OWNER/REPOSITORY")]
    [InlineData("[a]", "expected a path or URL, or a map with url, found a list")]
    [InlineData("{every: 1m}", "needs a url: a path or URL")]
    [InlineData("{url: s3://builds}", ".url: write s3://BUCKET/KEY, or s3://BUCKET/PREFIX/ for the newest object under a prefix")]
    [InlineData("{url: x, every: 500ms}", ".every: must be at least 1s")]
    [InlineData("{url: x, deploy: maybe}", ".deploy: unknown value 'maybe'; the values are auto and notify")]
    [InlineData("{url: x, maxSize: 5}", ".maxSize: '5' has no unit: write for example 500MiB or 8GiB")]
    [InlineData("{url: x, maxSize: 0B}", ".maxSize: must be from 1B to 1TB")]
    [InlineData("{url: x, stall: 0}", ".stall: must be more than zero")]
    [InlineData("{url: x, auth: {tokenVariable: 'a b'}}", ".auth.tokenVariable: 'a b' is not a name for a variable: letters, digits and '_', the first not a digit")]
    [InlineData("{url: x, s3: {endpoint: 'host:9000'}}", ".s3.endpoint: write a URL such as https://host, without user, '?' and '#'")]
    [InlineData("{url: x, s3: {accessKey: a}}", ".s3.accessKey: accessKey and secretKey (or secretKeyFile) go together: give both or none")]
    [InlineData("{url: x, evry: 1m}", "unknown key 'evry' in apps.web.source; did you mean 'every'?")]
    public void A_mistake_is_one_line(string written, string problem)
    {
        var error = Assert.Single(Yaml.Errors($"apps:\n  web:\n    source: {written}"));
        Assert.EndsWith(problem.StartsWith('.') ? $"apps.web.source{problem}" : problem, error, StringComparison.Ordinal);
    }
}
