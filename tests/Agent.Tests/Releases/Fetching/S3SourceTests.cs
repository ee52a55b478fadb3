using BlueGreen.Agent.Releases.Fetching;
using BlueGreen.Agent.Releases.Fetching.S3;
using BlueGreen.Harness.Origins;

namespace BlueGreen.Agent.Tests.Releases.Fetching;

/// <summary>Against a real S3 server.</summary>
public sealed class S3SourceTests : IAsyncLifetime
{
    private static readonly byte[] Content = FetchBench.Archive();

    /// <summary>Where the client looks for profiles is decided once, when it is used for the first time.</summary>
    private static readonly string Profiles = Path.Combine(AppContext.BaseDirectory, "aws-credentials");

    private readonly TemporaryFolder _folder = new();
    private FetchBench _bench = null!;
    private S3Server _server = null!;

    static S3SourceTests()
    {
        File.WriteAllText(Profiles, $"[releases]\naws_access_key_id = {S3Server.Key}\naws_secret_access_key = {S3Server.Key}\n");
        Environment.SetEnvironmentVariable("AWS_SHARED_CREDENTIALS_FILE", Profiles);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await S3Server.StartAsync(_folder.Path);
        _bench = await FetchBench.StartAsync(new OriginFile(Content));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _bench.DisposeAsync();
        _folder.Dispose();
    }

    [Fact(Timeout = 60_000)]
    public async Task An_object_is_fetched()
    {
        await _server.PutAsync("web/app-1.tar.gz", Content);
        using var staged = (await _bench.StageAsync(Options("web/app-1.tar.gz"))).Release;

        Assert.Equal("app-1", staged.Label);
        Assert.Equal("s3://builds/web/app-1.tar.gz", staged.Source);
        Assert.Equal(Content.Length, _bench.Progress[^1].Bytes);
    }

    [Fact(Timeout = 60_000)]
    public async Task Of_a_prefix_the_object_that_was_written_last_is_meant()
    {
        await _server.PutAsync("web/app-9.tar.gz", Content);
        await Task.Delay(1100, Token); // S3 lists times in seconds
        await _server.PutAsync("web/app-10.tar.gz", Content);
        await _server.PutAsync("web/app-10.tar.gz.sha256", "00"u8.ToArray());
        await _server.PutAsync("other/app-11.tar.gz", Content);
        using var source = new S3Source(Options("web/"), new SourceAddress.S3(S3Server.Bucket, "web/"));
        var version = (await source.LookAsync(null, Token))!;

        Assert.Equal("app-10.tar.gz", version.Name);
        Assert.Equal("00"u8.ToArray(), await version.ReadBesideAsync("app-10.tar.gz.sha256", Token));
        Assert.Null(await version.ReadBesideAsync("SHA256SUMS", Token));
        Assert.Null(await source.LookAsync(version.Id, Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task It_is_read_from_the_middle_and_held_fast_by_its_tag()
    {
        await _server.PutAsync("x.zip", Content);
        using var source = new S3Source(Options("x.zip"), new SourceAddress.S3(S3Server.Bucket, "x.zip"));
        var version = (await source.LookAsync(null, Token))!;
        using (var opened = await version.OpenAsync(1000, Token))
        {
            using var rest = new MemoryStream();
            await opened.Content.CopyToAsync(rest, Token);
            Assert.Equal(1000, opened.Offset);
            Assert.Equal(Content.AsSpan(1000).ToArray(), rest.ToArray());
        }

        await _server.PutAsync("x.zip", [1, 2, 3]);
        Assert.True((await Assert.ThrowsAsync<SourceException>(() => version.OpenAsync(0, Token))).IsChange);
        Assert.NotEqual(version.Id, (await source.LookAsync(version.Id, Token))!.Id);
    }

    public static TheoryData<int> Tenths => [.. Enumerable.Range(0, 10)];

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Tenths))]
    public async Task A_download_that_breaks_off_at_any_tenth_is_taken_up_again(int tenth)
    {
        // A sound server does not break off; another one stands in for it.
        var file = new OriginFile(Content) { Tag = "\"0123456789abcdef0123456789abcdef-1\"" };
        file.Breaks.Enqueue(Content.Length * tenth / 10);
        _bench.Origin.Answer = file.ServeAsync;
        var options = Options("app.tar.gz");
        options = options with { S3 = options.S3 with { Endpoint = _bench.Origin.Url } };
        (await _bench.StageAsync(options)).Release.Dispose();

        Assert.Equal(Content.Length, _bench.Progress[^1].Bytes);
        Assert.Equal(tenth > 0, _bench.Origin.Requests.Any(request => request.Range.Length > 0));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_arrives_with_another_digest_than_the_server_tells_is_not_taken()
    {
        _bench.Origin.Answer = new OriginFile(Content) { Tag = "\"0123456789abcdef0123456789abcdef\"" }.ServeAsync;
        var options = Options("app.tar.gz");

        Assert.StartsWith(
            "the download from s3://builds/app.tar.gz broke off: ",
            await _bench.RefusalAsync(options with { S3 = options.S3 with { Endpoint = _bench.Origin.Url } }), StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("missing.zip", "there is nothing at s3://builds/missing.zip (404); check the address")]
    [InlineData("empty/", "there is no object under s3://builds/empty/; check the prefix")]
    public async Task What_is_not_there_is_said(string key, string line) => Assert.Equal(line, await _bench.RefusalAsync(Options(key)));

    [Fact(Timeout = 60_000)]
    public async Task Wrong_credentials_and_missing_ones_are_said_without_the_secret()
    {
        await _server.PutAsync("x.zip", Content);
        var wrong = Options("x.zip");
        wrong = wrong with { S3 = wrong.S3 with { AccessKey = "nobody", SecretKey = new Secret("wr0ng") } };
        var refusal = await _bench.RefusalAsync(wrong);
        Assert.StartsWith("s3://builds/x.zip: ", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("wr0ng", refusal, StringComparison.Ordinal);

        var profile = Options("x.zip") with { S3 = new S3Options { Endpoint = _server.Url, Profile = "no-such-profile" } };
        Assert.StartsWith("there is no profile 'no-such-profile'", await _bench.RefusalAsync(profile), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Credentials_come_from_the_environment_or_a_profile()
    {
        await _server.PutAsync("app.tar.gz", Content);
        var options = Options("app.tar.gz") with { S3 = new S3Options { Endpoint = _server.Url } };
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", S3Server.Key);
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", S3Server.Key);
        (await _bench.StageAsync(options)).Release.Dispose();

        (await _bench.StageAsync(options with { S3 = options.S3 with { Profile = "releases" } })).Release.Dispose();
    }

    private SourceOptions Options(string key) => SourceOptions.Default(new SourceAddress.S3(S3Server.Bucket, key)) with
    {
        S3 = new S3Options { Endpoint = _server.Url, AccessKey = S3Server.Key, SecretKey = new Secret(S3Server.Key) },
    };
}
