using System.Security.Cryptography;
using BlueGreen.Agent.Releases.Fetching;
using BlueGreen.Agent.Releases.Fetching.GitHub;
using BlueGreen.Harness.Origins;

namespace BlueGreen.Agent.Tests.Releases.Fetching;

public sealed class GitHubSourceTests : IAsyncLifetime
{
    private static readonly byte[] Content = FetchBench.Archive();

    private FetchBench _bench = null!;
    private GitHubServer _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await GitHubServer.StartAsync();
        _bench = await FetchBench.StartAsync(new OriginFile(Content));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _bench.DisposeAsync();
    }

    [Theory(Timeout = 60_000)]
    [InlineData(null, false, "v1.1")]
    [InlineData(null, true, "v1.2-rc1")]
    [InlineData("v1.0", false, "v1.0")]
    [InlineData("v1.2-rc1", false, "v1.2-rc1")]
    public async Task The_latest_release_or_that_of_a_tag_is_fetched(string? tag, bool prereleases, string label)
    {
        _server.Publish("v1.0", false, ("app.tar.gz", Content));
        _server.Publish("v1.1", false, ("app.tar.gz", Content));
        _server.Publish("v1.2-rc1", true, ("app.tar.gz", Content));
        var options = Options(tag);
        using var staged = (await _bench.StageAsync(options with { GitHub = options.GitHub with { Prerelease = prereleases } })).Release;

        Assert.Equal(label, staged.Label);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_token_is_told_to_the_API_and_not_to_the_storage()
    {
        _server.Publish("v1", false, ("app.tar.gz", Content));
        Assert.StartsWith("github://acme/web: there is no such repository or release (404); a private one needs a token", await RefusalWithTokenAsync(null), StringComparison.Ordinal);
        Assert.StartsWith("github://acme/web: the token is wrong or has expired (401)", await RefusalWithTokenAsync("old"), StringComparison.Ordinal);
        (await _bench.StageAsync(Options(token: "right"))).Release.Dispose();

        Assert.Contains(_server.Requests, request => request.Authorization.EndsWith(" right", StringComparison.Ordinal));
        Assert.NotEmpty(_server.StorageRequests);
        Assert.All(_server.StorageRequests, request => Assert.Equal("", request.Authorization));

        Task<string> RefusalWithTokenAsync(string? token)
        {
            _server.Token = "right";
            return _bench.RefusalAsync(Options(token: token));
        }
    }

    public static TheoryData<int> Tenths => [.. Enumerable.Range(0, 10)];

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Tenths))]
    public async Task A_download_that_breaks_off_at_any_tenth_is_taken_up_again(int tenth)
    {
        _server.Publish("v1", false, ("app.tar.gz", Content));
        _server.Breaks.Enqueue(Content.Length * tenth / 10);
        (await _bench.StageAsync(Options())).Release.Dispose();

        Assert.Equal(2, _server.StorageRequests.Count);
        Assert.Equal(Content.Length, _bench.Progress[^1].Bytes);
    }

    [Fact(Timeout = 60_000)]
    public async Task It_tells_the_digest_and_what_lies_beside()
    {
        _server.Publish("v1", false, ("app.tar.gz", Content), ("app.tar.gz.minisig", "signature"u8.ToArray()));
        using var source = Source(Options());
        var version = (await source.LookAsync(null, Token))!;

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Content)), version.PublishedSha256);
        Assert.Equal("signature"u8.ToArray(), await version.ReadBesideAsync("app.tar.gz.minisig", Token));
        Assert.Null(await version.ReadBesideAsync("SHA256SUMS", Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task Looks_at_what_is_known_cost_nothing_of_the_limit()
    {
        _server.Publish("v1", false, ("app.tar.gz", Content));
        using var source = Source(Options());
        var id = (await source.LookAsync(null, Token))!.Id;
        var left = _server.Remaining;
        for (var look = 0; look < 5; look++)
        {
            Assert.Null(await source.LookAsync(id, Token));
        }

        Assert.Equal(left, _server.Remaining);
        _server.Publish("v2", false, ("app.tar.gz", Content));
        Assert.Equal("v2", (await source.LookAsync(id, Token))!.Label);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_limit_that_is_used_up_is_said_with_the_time_of_its_end()
    {
        _server.Publish("v1", false, ("app.tar.gz", Content));
        _server.Remaining = 0;
        Assert.Matches(
            @"^github://acme/web: the limit of 60 requests an hour is used up; more are allowed in (19\.\d|20) min, at \d\d:\d\d:\d\d UTC; a token \(source\.auth\.token\) allows far more$",
            await _bench.RefusalAsync(Options()));
        Assert.Single(_server.Requests);
    }

    [Theory]
    [InlineData(null, "app-linux-x64.tar.gz", "app-linux-x64.tar.gz,app-linux-arm64.tar.gz,app-win-x64.zip,app-osx-x64.tar.gz,SHA256SUMS,app-linux-x64.tar.gz.minisig")]
    [InlineData(null, "web_1.2_linux_amd64.tgz", "web_1.2_linux_amd64.tgz,web_1.2_linux_armv7.tgz,web_1.2_darwin_amd64.tgz,web_1.2_linux_amd64.deb")]
    [InlineData(null, "web-x86_64-unknown-linux-gnu.zip", "web-x86_64-unknown-linux-gnu.zip,web-aarch64-unknown-linux-gnu.zip,web-x86_64-pc-windows-msvc.zip")]
    [InlineData(null, "site.zip", "site.zip,site.zip.sha256")]
    [InlineData("*musl*", "web-x64-musl.tgz", "web-x64-musl.tgz,web-x64-gnu.tgz")]
    public void The_asset_for_this_machine_is_chosen(string? pattern, string chosen, string names) =>
        Assert.Equal((chosen, null), AssetChoice.Among(names.Split(','), pattern, System.Runtime.InteropServices.Architecture.X64));

    [Theory]
    [InlineData(null, "has several assets for Linux on x64; choose one by source.github.asset: web-x64-musl.tgz, web-x64-gnu.tgz", "web-x64-musl.tgz,web-x64-gnu.tgz")]
    [InlineData(null, "has no asset for Linux on x64; choose one by source.github.asset: web-win-x64.zip, web-linux-arm64.zip", "web-win-x64.zip,web-linux-arm64.zip,x.asc")]
    [InlineData("*riscv*", "needs exactly one asset that matches '*riscv*' (source.github.asset); it has web-win-x64.zip", "web-win-x64.zip")]
    [InlineData(null, "has no assets to deploy", "SHA256SUMS")]
    public void Where_none_can_be_chosen_all_are_listed(string? pattern, string problem, string names) =>
        Assert.Equal((null, problem), AssetChoice.Among(names.Split(','), pattern, System.Runtime.InteropServices.Architecture.X64));

    private SourceOptions Options(string? tag = null, string? token = null) => SourceOptions.Default(new SourceAddress.GitHub("acme", "web", tag)) with
    {
        GitHub = new GitHubOptions { Api = new Uri(_server.Url, "api/v3/") },
        Auth = new SourceAuth { Token = new Secret(token) },
    };

    private static GitHubSource Source(SourceOptions options) => new(options, (SourceAddress.GitHub)options.Address, TimeProvider.System);
}
