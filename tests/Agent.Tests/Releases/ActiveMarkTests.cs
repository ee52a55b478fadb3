using BlueGreen.Agent.Releases;

namespace BlueGreen.Agent.Tests.Releases;

public sealed class ActiveMarkTests : IDisposable
{
    private readonly StoreFixture _fixture = new();

    private ReleaseStore Store => _fixture.Store;

    private string Mark => _fixture.Folder["releases/web/active"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _fixture.Dispose();

    [Fact(Timeout = 30_000)]
    public async Task The_mark_is_a_link_to_the_release_that_serves()
    {
        await _fixture.Deploy(1, Token);
        await _fixture.Deploy(2, Token);
        Assert.Null(Store.MarkedActive(StoreFixture.App));

        Store.MarkActive(StoreFixture.App, 2);
        Assert.Equal(2, Store.MarkedActive(StoreFixture.App));
        Store.MarkActive(StoreFixture.App, 1);
        Store.MarkActive(StoreFixture.App, 1);

        Assert.Equal(1, _fixture.NewStore().MarkedActive(StoreFixture.App));
        Assert.Equal("1", new FileInfo(Mark).LinkTarget);
        Assert.True(File.Exists(Path.Combine(Mark, "server")));
        Assert.Equal(["1", "1.json", "2", "2.json", "active"], _fixture.StoredNames);
    }

    [Fact(Timeout = 30_000)]
    public async Task It_is_no_release_and_not_left_over()
    {
        await _fixture.Deploy(7, Token);
        Store.MarkActive(StoreFixture.App, 7);
        // Of a front that died in between: one link to a release, one to nothing.
        File.CreateSymbolicLink(_fixture.Folder["releases/web/.active-ab12cd34"], "7");
        File.CreateSymbolicLink(_fixture.Folder["releases/web/.active-ab12cd35"], "8");

        _fixture.NewStore().RemoveLeftovers();

        Assert.Equal(["7", "7.json", "active"], _fixture.StoredNames);
        Assert.Equal(7, Store.HighestNumber(StoreFixture.App));
        Assert.Equal([7], Store.List(StoreFixture.App).Select(release => release.Number));
        Assert.True(File.Exists(_fixture.Folder["releases/web/7/server"]));
        Assert.Empty(_fixture.Log);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("2")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("01")]
    [InlineData("1/")]
    [InlineData("../web/1")]
    [InlineData("/")]
    [InlineData("active")]
    [InlineData("99999999999")]
    public async Task A_link_that_leads_to_no_release_says_nothing(string target)
    {
        await _fixture.Deploy(1, Token);

        File.CreateSymbolicLink(Mark, target);

        Assert.Null(Store.MarkedActive(StoreFixture.App));
        Store.MarkActive(StoreFixture.App, 1);
        Assert.Equal(1, Store.MarkedActive(StoreFixture.App));
    }

    [Fact(Timeout = 30_000)]
    public async Task What_is_no_link_says_nothing_and_is_not_replaced()
    {
        await _fixture.Deploy(1, Token);
        _fixture.Folder.Write("releases/web/active/mine", "");

        Assert.Null(Store.MarkedActive(StoreFixture.App));
        Assert.ThrowsAny<IOException>(() => Store.MarkActive(StoreFixture.App, 1));

        Assert.Equal(["1", "1.json", "active"], _fixture.StoredNames);
        Assert.True(File.Exists(Path.Combine(Mark, "mine")));
    }

    [Fact]
    public void An_app_without_a_folder_cannot_be_marked()
    {
        Assert.Null(Store.MarkedActive("unknown"));
        Assert.ThrowsAny<IOException>(() => Store.MarkActive("unknown", 1));
    }
}
