using BlueGreen.Agent.Releases;
using BlueGreen.Agent.Releases.Disk;

namespace BlueGreen.Agent.Tests.Releases;

public sealed class SharedFilesTests : IDisposable
{
    private readonly StoreFixture _fixture = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 30_000)]
    public async Task The_same_content_is_stored_once()
    {
        string source = Source();
        await _fixture.Deploy(1, source, Token);
        await _fixture.Deploy(2, source, Token);
        await _fixture.Deploy(3, source, Token);

        Assert.Equal(Inode(1, "server"), Inode(2, "server"));
        Assert.Equal(Inode(1, "lib/data"), Inode(3, "lib/data"));
        Assert.NotEqual(Inode(1, "lib"), Inode(2, "lib"));
        Assert.Equal("lib/data", new FileInfo(Content(3, "link")).LinkTarget);
    }

    [Fact(Timeout = 30_000)]
    public async Task Other_content_is_not_shared_even_where_single_files_are_the_same()
    {
        await _fixture.Deploy(1, Source(), Token);
        _fixture.Folder.Write("sources/app/lib/data", "other data");
        await _fixture.Deploy(2, _fixture.Folder["sources/app"], Token);

        Assert.NotEqual(Inode(1, "server"), Inode(2, "server"));
    }

    [Fact(Timeout = 30_000)]
    public async Task What_a_worker_has_written_to_is_not_shared_nor_what_it_has_made()
    {
        string source = Source();
        await _fixture.Deploy(1, source, Token);
        File.WriteAllText(Content(1, "lib/data"), "some DATA");
        File.WriteAllText(Content(1, "lib/cache"), "new");

        await _fixture.Deploy(2, source, Token);

        Assert.Equal(Inode(1, "server"), Inode(2, "server"));
        Assert.Equal("some data", File.ReadAllText(Content(2, "lib/data")));
        Assert.False(File.Exists(Content(2, "lib/cache")));
    }

    [Fact(Timeout = 30_000)]
    public async Task New_files_of_workers_and_those_that_replace_others_stay_with_their_release()
    {
        string source = Source();
        await _fixture.Deploy(1, source, Token);
        await _fixture.Deploy(2, source, Token);

        File.WriteAllText(Content(2, "lib/new"), "new");
        File.Move(Content(2, "lib/new"), Content(2, "lib/data"), overwrite: true);
        File.Delete(Content(2, "server"));

        Assert.Equal("some data", File.ReadAllText(Content(1, "lib/data")));
        Assert.True(File.Exists(Content(1, "server")));
    }

    [Theory(Timeout = 30_000)]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public async Task Deleting_one_release_leaves_the_other_whole(int deleted, int left)
    {
        string source = Source();
        await _fixture.Deploy(1, source, Token);
        await _fixture.Deploy(2, source, Token);

        _fixture.Store.Delete(StoreFixture.App, deleted);

        Assert.Equal(left, Assert.Single(_fixture.Store.List(StoreFixture.App)).Number);
        Assert.Equal("some data", File.ReadAllText(Content(left, "lib/data")));
        Assert.Equal("#!/bin/sh\nexit 0\n", File.ReadAllText(Content(left, "server")));
    }

    [Fact(Timeout = 30_000)]
    public async Task Other_permissions_stay_the_copys_own()
    {
        string source = Source();
        await _fixture.Deploy(1, source, Token);
        File.SetUnixFileMode(Path.Combine(source, "lib/data"), TemporaryFolder.Private);

        Release second = await _fixture.Deploy(2, source, Token);

        Assert.Equal(_fixture.Store.Find(StoreFixture.App, 1)!.Digest, second.Digest);
        Assert.Equal(TemporaryFolder.Private, File.GetUnixFileMode(Content(2, "lib/data")));
        Assert.Equal(TemporaryFolder.Plain, File.GetUnixFileMode(Content(1, "lib/data")));
    }

    public void Dispose() => _fixture.Dispose();

    private string Source()
    {
        _fixture.Folder.Script("sources/app/server");
        _fixture.Folder.Write("sources/app/lib/data", "some data");
        File.CreateSymbolicLink(_fixture.Folder["sources/app/link"], "lib/data");
        return _fixture.Folder["sources/app"];
    }

    private string Content(int release, string path) => Path.Combine(_fixture.AppFolder, $"{release}", path);

    private ulong Inode(int release, string path) => FileStatus.Of(Content(release, path))!.Value.Inode;
}
