using BlueGreen.Agent.Releases;

namespace BlueGreen.Agent.Tests.Releases;

/// <summary>A store that can only be read, or not even that, keeps nobody from what is still there.</summary>
public sealed class StoreDamageTests : IDisposable
{
    private const UnixFileMode None = default;
    private const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;
    private const UnixFileMode All = ReadOnly | UnixFileMode.UserWrite;

    private readonly StoreFixture _fixture = new();
    private readonly List<string> _locked = [];

    private ReleaseStore Store => _fixture.Store;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _locked.ForEach(path => File.SetUnixFileMode(path, All));
        _fixture.Dispose();
    }

    [Fact(Timeout = 30_000)]
    public async Task The_apps_are_the_folders_of_the_store()
    {
        Assert.Empty(Store.Apps);
        await _fixture.Deploy(1, Token);
        _fixture.Folder.Write("releases/api/1/server", "half");
        _fixture.Folder.Write("releases/.hidden/x", "");
        _fixture.Folder.Write("releases/notes.txt", "");

        Assert.Equal(["api", "web"], Store.Apps);
    }

    [Fact(Timeout = 30_000)]
    public async Task What_cannot_be_deleted_is_reported_and_not_counted_as_deleted()
    {
        await _fixture.Deploy(1, Token);
        await _fixture.Deploy(2, Token);
        _fixture.Folder.Write("releases/web/3/server", "content in place, description not yet");
        File.SetUnixFileMode(_fixture.AppFolder + "/1.json", TemporaryFolder.Plain);
        File.SetUnixFileMode(_fixture.AppFolder + "/2.json", TemporaryFolder.Plain);
        Lock(_fixture.AppFolder, ReadOnly);

        Assert.Empty(AsNobodySpecial.Get(() => Store.Prune(StoreFixture.App, 1, new HashSet<int>())));
        AsNobodySpecial.Do(() => Store.Delete(StoreFixture.App, 1));
        AsNobodySpecial.Do(Store.RemoveLeftovers);

        Assert.Equal([1, 2], Store.List(StoreFixture.App).Select(release => release.Number));
        Assert.Equal(3, _fixture.Log.Count(line => line.Contains("is not deleted whole", StringComparison.Ordinal)));
        Assert.Equal(3, _fixture.Log.Count);
        AsNobodySpecial.Do(() => Assert.ThrowsAny<UnauthorizedAccessException>(() => Store.MarkActive(StoreFixture.App, 1)));
    }

    [Fact(Timeout = 30_000)]
    public async Task An_app_whose_folder_cannot_be_read_does_not_keep_the_others_from_being_tidied()
    {
        await _fixture.Deploy(1, Token);
        _fixture.Folder.Write("releases/api/1/server", "half");
        _fixture.Folder.Write("releases/zoo/1/server", "half");
        File.SetUnixFileMode(_fixture.Folder["releases/zoo"], All | UnixFileMode.GroupWrite);
        File.SetUnixFileMode(_fixture.Folder["releases/zoo/1"], All | UnixFileMode.GroupWrite);
        Lock(_fixture.Folder["releases/api"], None);

        AsNobodySpecial.Do(Store.RemoveLeftovers);

        Assert.False(Directory.Exists(_fixture.Folder["releases/zoo/1"]));
        Assert.Contains(_fixture.Log, line => line.Contains("releases/api cannot be read", StringComparison.Ordinal));
        Assert.Empty(AsNobodySpecial.Get(() => Store.List("api")));
        Assert.Empty(AsNobodySpecial.Get(() => Store.Prune("api", 0, new HashSet<int>())));
        Assert.Null(AsNobodySpecial.Get(() => Store.MarkedActive("api")));
        // But a number that may be in use is not given out.
        AsNobodySpecial.Do(() => Assert.Throws<UnauthorizedAccessException>(() => Store.HighestNumber("api")));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_store_that_cannot_be_read_is_an_empty_one()
    {
        await _fixture.Deploy(1, Token);
        Lock(_fixture.Folder["releases"], None);

        AsNobodySpecial.Do(Store.RemoveLeftovers);

        Assert.Empty(AsNobodySpecial.Get(() => Store.Apps));
        Assert.Empty(AsNobodySpecial.Get(() => Store.List(StoreFixture.App)));
        Assert.Contains("cannot be read", Assert.Single(_fixture.Log), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_description_with_any_byte_changed_is_read_or_skipped()
    {
        await _fixture.Deploy(1, Token);
        await _fixture.Deploy(2, Token);
        byte[] whole = await File.ReadAllBytesAsync(_fixture.AppFolder + "/2.json", Token);
        for (int at = 0; at < whole.Length; at++)
        {
            foreach (byte value in new[] { (byte)'"', (byte)'-', (byte)0xFF })
            {
                byte[] damaged = [.. whole];
                damaged[at] = value;
                File.WriteAllBytes(_fixture.AppFolder + "/2.json", damaged);

                Assert.Equal(1, Store.List(StoreFixture.App)[0].Number);
            }
        }
    }

    private void Lock(string path, UnixFileMode mode)
    {
        // On the way there, the group may pass.
        File.SetUnixFileMode(_fixture.Folder.Path, All);
        File.SetUnixFileMode(_fixture.Folder["releases"], All);
        File.SetUnixFileMode(path, mode);
        _locked.Insert(0, path);
    }
}
