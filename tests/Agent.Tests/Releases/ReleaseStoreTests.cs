using System.Text.Json.Nodes;
using BlueGreen.Agent.Releases;

namespace BlueGreen.Agent.Tests.Releases;

public sealed class ReleaseStoreTests : IDisposable
{
    private readonly StoreFixture _fixture = new();

    private ReleaseStore Store => _fixture.Store;

    [Fact(Timeout = 30_000)]
    public async Task A_committed_release_is_found_again_by_another_process()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        Release release = await _fixture.Deploy(1, token);

        Release found = Assert.Single(_fixture.NewStore().List(StoreFixture.App));

        Assert.Equal(release with { Env = found.Env, Processes = found.Processes }, found);
        Assert.Equal(release.Processes, found.Processes);
        Assert.Equal("value", found.Env["KEY"]);
        Assert.Equal(_fixture.Time.GetUtcNow(), found.CreatedAt);
        Assert.Equal(Path.Combine(_fixture.AppFolder, "1"), found.Directory);
        Assert.Equal([Path.Combine(found.Directory, "server")], found.Command.ToArguments(new Dictionary<string, string>()));
        Assert.Equal(["1", "1.json"], _fixture.StoredNames);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_description_may_be_read_by_its_owner_only()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await _fixture.Deploy(1, token);

        Assert.Equal(TemporaryFolder.Private, File.GetUnixFileMode(_fixture.AppFolder + "/1.json"));
    }

    [Fact(Timeout = 30_000)]
    public async Task Releases_are_listed_by_number_not_by_name()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        foreach (int number in new[] { 10, 9, 2 })
        {
            await _fixture.Deploy(number, token);
        }

        Assert.Equal([2, 9, 10], Store.List(StoreFixture.App).Select(release => release.Number));
        Assert.Equal(10, Store.HighestNumber(StoreFixture.App));
    }

    [Fact(Timeout = 30_000)]
    public async Task The_highest_number_counts_what_cannot_be_read()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        Assert.Equal(0, Store.HighestNumber(StoreFixture.App));
        await _fixture.Deploy(1, token);
        Directory.CreateDirectory(_fixture.AppFolder + "/4");
        Assert.Equal(4, Store.HighestNumber(StoreFixture.App));
        _fixture.Folder.Write("releases/web/6.json", "{");
        Directory.CreateDirectory(_fixture.AppFolder + "/.deleted-9-x");
        Directory.CreateDirectory(_fixture.AppFolder + "/007");
        Assert.Equal(6, Store.HighestNumber(StoreFixture.App));
    }

    [Theory(Timeout = 30_000)]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"version":1,"number":2}""")]
    public async Task A_damaged_description_is_skipped_and_reported_once(string content)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await _fixture.Deploy(1, token);
        await _fixture.Deploy(2, token);
        _fixture.Folder.Write("releases/web/2.json", content);

        Assert.Equal([1], Store.List(StoreFixture.App).Select(release => release.Number));
        Assert.Null(Store.Find(StoreFixture.App, 2));
        Assert.Contains("2.json is skipped", Assert.Single(_fixture.Log));
    }

    [Fact(Timeout = 30_000)]
    public async Task Fields_of_a_newer_version_are_ignored_and_a_newer_form_is_not_guessed_at()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await _fixture.Deploy(1, token);
        string path = _fixture.AppFolder + "/1.json";
        JsonObject description = JsonNode.Parse(await File.ReadAllTextAsync(path, token))!.AsObject();
        Assert.Equal(1, (int)description["version"]!);
        description["signedBy"] = "someone";
        await File.WriteAllTextAsync(path, description.ToJsonString(), token);
        Assert.NotNull(Store.Find(StoreFixture.App, 1));

        description["version"] = 2;
        await File.WriteAllTextAsync(path, description.ToJsonString(), token);
        Assert.Null(Store.Find(StoreFixture.App, 1));
        Assert.Contains("version 2", Assert.Single(_fixture.Log));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_number_is_never_given_twice()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        Release first = await _fixture.Deploy(1, token);

        await Assert.ThrowsAsync<InvalidOperationException>(() => _fixture.Deploy(1, token));

        Assert.Equal(first.Digest, Store.Find(StoreFixture.App, 1)!.Digest);
        Assert.Equal(["1", "1.json"], _fixture.StoredNames);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_commit_that_fails_leaves_nothing()
    {
        using StagedRelease staged = await _fixture.Stage(
            _fixture.Folder.Script("server"), TestContext.Current.CancellationToken);
        LaunchCommand command = LaunchCommand.Find(staged.Directory, null);
        Directory.Delete(staged.Directory, recursive: true);

        var env = new Dictionary<string, string>();
        Assert.Throws<ReleaseException>(() => Store.Commit(staged, StoreFixture.App, 1, "x", command, env));
        staged.Dispose();

        Assert.Empty(_fixture.StoredNames);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_deleted_release_leaves_nothing_even_when_its_worker_locked_folders()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        Release release = await _fixture.Deploy(1, token);
        string locked = Directory.CreateDirectory(Path.Combine(release.Directory, "cache/inner")).FullName;
        File.SetUnixFileMode(locked, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.SetUnixFileMode(Path.GetDirectoryName(locked)!, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        Store.Delete(StoreFixture.App, 1);
        Store.Delete(StoreFixture.App, 1);
        Store.Delete("unknown", 1);

        Assert.Empty(_fixture.StoredNames);
        Assert.Empty(_fixture.Log);
    }

    [Fact(Timeout = 30_000)]
    public async Task Deleting_a_release_does_not_follow_its_links()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        string kept = _fixture.Folder.Write("outside/file", "kept");
        _fixture.Folder.Script("v1/server");
        File.CreateSymbolicLink(_fixture.Folder["v1/out"], _fixture.Folder["outside"]);
        await _fixture.Deploy(1, _fixture.Folder["v1"], token);

        Store.Delete(StoreFixture.App, 1);

        Assert.True(File.Exists(kept));
    }

    [Theory(Timeout = 30_000)]
    [InlineData(2, new int[0], new[] { 1, 2, 3 })]
    [InlineData(2, new[] { 1, 3 }, new[] { 2 })]
    [InlineData(2, new[] { 5, 99 }, new[] { 1, 2, 3 })]
    [InlineData(0, new[] { 2 }, new[] { 1, 3, 4, 5 })]
    [InlineData(5, new int[0], new int[0])]
    [InlineData(9, new int[0], new int[0])]
    public async Task Pruning_keeps_the_newest_and_whatever_is_protected(int keep, int[] protect, int[] deleted)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        foreach (int number in Enumerable.Range(1, 5))
        {
            await _fixture.Deploy(number, token);
        }

        Assert.Equal(deleted, Store.Prune(StoreFixture.App, keep, protect.ToHashSet()));

        Assert.Equal(Enumerable.Range(1, 5).Except(deleted), Store.List(StoreFixture.App).Select(release => release.Number));
        Assert.All(Store.List(StoreFixture.App), release => Assert.True(File.Exists(Path.Combine(release.Directory, "server"))));
    }

    [Fact(Timeout = 30_000)]
    public async Task What_crashes_left_is_removed_at_the_next_start_and_nothing_else()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        Release good = await _fixture.Deploy(1, token);
        TemporaryFolder folder = _fixture.Folder;
        folder.Write("releases/web/.staging-ab12cd34/content/server", "half");
        folder.Write("releases/web/.deleted-2-ab12cd34/server", "half");
        folder.Write("releases/web/.3.json-ab12cd34", "{");
        folder.Write("releases/web/4/server", "content in place, description not yet");
        folder.Write("releases/web/5.json", "{}");
        folder.Write("releases/web/6/server", "described by a newer version");
        folder.Write("releases/web/6.json", """{"version":2}""");
        folder.Write("releases/web/notes.txt", "someone's");
        folder.Write("releases/other/1/server", "half");

        _fixture.NewStore().RemoveLeftovers();

        Assert.Equal(["1", "1.json", "6", "6.json", "notes.txt"], _fixture.StoredNames);
        Assert.Empty(Directory.GetFileSystemEntries(folder["releases/other"]));
        Assert.Equal(good.Digest, Store.Find(StoreFixture.App, 1)!.Digest);
    }

    [Fact]
    public void A_store_that_does_not_exist_yet_has_nothing_in_it()
    {
        Store.RemoveLeftovers();

        Assert.Empty(Store.List(StoreFixture.App));
        Assert.Empty(Store.Prune(StoreFixture.App, 0, new HashSet<int>()));
        Assert.Null(Store.Find(StoreFixture.App, 1));
        Assert.False(Directory.Exists(_fixture.Folder["releases"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("a/b")]
    public void A_name_that_is_no_folder_of_the_store_is_a_mistake(string app) =>
        Assert.Throws<ArgumentException>(() => Store.HighestNumber(app));

    public void Dispose() => _fixture.Dispose();
}
