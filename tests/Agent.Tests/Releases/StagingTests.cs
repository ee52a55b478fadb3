using System.Net.Sockets;
using BlueGreen.Agent.Releases;

namespace BlueGreen.Agent.Tests.Releases;

public sealed class StagingTests : IDisposable
{
    private readonly StoreFixture _fixture = new();

    private TemporaryFolder Folder => _fixture.Folder;

    [Fact(Timeout = 30_000)]
    public async Task A_folder_is_copied_with_modes_links_times_and_hidden_files()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        string server = Folder.Script("v1/server");
        Folder.Write("v1/.env", "A=1", TemporaryFolder.Private);
        Folder.Write("v1/deep/er/file", "x");
        File.CreateSymbolicLink(Folder["v1/deep/run"], "../server");
        File.CreateSymbolicLink(Folder["v1/etc"], "/etc");
        File.SetUnixFileMode(Folder["v1/deep"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.SetLastWriteTimeUtc(server, DateTime.UnixEpoch.AddDays(1));

        using StagedRelease staged = await _fixture.Stage(Folder["v1"] + "/", token);

        Assert.Equal("v1", staged.Label);
        Assert.Equal(Folder["v1"], staged.Source);
        Assert.Equal(21, staged.SizeBytes);
        Assert.Equal(Folder.Tree("v1"), Folder.Tree(Path.GetRelativePath(Folder.Path, staged.Directory)));
        Assert.Equal(TemporaryFolder.Executable, File.GetUnixFileMode(Path.Combine(staged.Directory, "server")));
        Assert.Equal(File.GetUnixFileMode(Folder["v1"]), File.GetUnixFileMode(staged.Directory));
        Assert.Equal(DateTime.UnixEpoch.AddDays(1), File.GetLastWriteTimeUtc(Path.Combine(staged.Directory, "server")));
        Assert.Equal("../server", new FileInfo(Path.Combine(staged.Directory, "deep/run")).LinkTarget);
        Assert.Equal("/etc", new FileInfo(Path.Combine(staged.Directory, "etc")).LinkTarget);
        UnixFileMode locked = File.GetUnixFileMode(Path.Combine(staged.Directory, "deep"));
        Assert.True(locked.HasFlag(UnixFileMode.UserWrite), "or it could not be deleted");
    }

    [Fact(Timeout = 30_000)]
    public async Task A_copy_does_not_change_with_its_source()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        string server = Folder.Script("server", "old\n");
        using StagedRelease staged = await _fixture.Stage(server, token);
        Folder.Script("server", "new\n");

        Assert.Equal("server", staged.Label);
        Assert.Contains("old", await File.ReadAllTextAsync(Path.Combine(staged.Directory, "server"), token));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_link_to_a_folder_is_followed_and_gives_its_own_name()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        Folder.Script("releases-of-mine/v7/server");
        File.CreateSymbolicLink(Folder["current"], "releases-of-mine/v7");
        using StagedRelease staged = await _fixture.Stage(Folder["current"], token);

        Assert.Equal("current", staged.Label);
        Assert.True(File.Exists(Path.Combine(staged.Directory, "server")));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_link_that_will_lead_nowhere_from_the_store_is_reported()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        Folder.Script("v1/server");
        File.CreateSymbolicLink(Folder["v1/shared"], "../shared");
        using StagedRelease staged = await _fixture.Stage(Folder["v1"], token);

        Assert.Contains("shared -> ../shared", Assert.Single(_fixture.Log));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_staged_release_deletes_itself()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        using (await _fixture.Stage(Folder.Script("server"), token))
        {
            Assert.StartsWith(".staging-", Assert.Single(_fixture.StoredNames));
        }

        Assert.Empty(_fixture.StoredNames);
    }

    [Fact(Timeout = 30_000)]
    public async Task What_is_not_there_or_holds_nothing_is_refused()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        Directory.CreateDirectory(Folder["empty/inner"]);

        Assert.Equal($"{Folder["none"]}: no such file or directory", await _fixture.Refusal(Folder["none"], token));
        Assert.Contains("is empty; there is nothing to deploy", await _fixture.Refusal(Folder["empty"], token));
    }

    [Fact(Timeout = 30_000)]
    public async Task Sockets_pipes_and_devices_are_refused_by_name()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        Folder.Script("v1/server");
        Directory.CreateDirectory(Folder["v1/run"]);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Folder["v1/run/s"]));

        Assert.StartsWith($"{Folder["v1/run/s"]} is a socket, pipe or device", await _fixture.Refusal(Folder["v1"], token));
        Assert.StartsWith("/dev/null is a socket, pipe or device", await _fixture.Refusal("/dev/null", token));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_folder_that_contains_the_store_is_refused()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await _fixture.Deploy(1, token);

        var refusal = await Assert.ThrowsAsync<ReleaseException>(() => _fixture.Stage(Folder.Path, token));

        Assert.Contains("contains the state folder", refusal.Message);
        Assert.Equal(["1", "1.json"], _fixture.StoredNames);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_file_that_grows_while_it_is_copied_is_refused()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        string path = Folder.WriteSparse("v1/big", 64 << 20);
        using var stop = new CancellationTokenSource();
        var started = new TaskCompletionSource();
        Task writing = Task.Run(
            () =>
            {
                using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
                while (!stop.IsCancellationRequested)
                {
                    file.WriteByte(1);
                    file.Flush();
                    started.TrySetResult();
                }
            },
            token);
        await started.Task;

        var refusal = await Assert.ThrowsAsync<ReleaseException>(() => _fixture.Stage(Folder["v1"], token));
        await stop.CancelAsync();
        await writing;

        Assert.Contains("changed or vanished while it was being copied", refusal.Message);
        Assert.Empty(_fixture.StoredNames);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_cancelled_copy_leaves_nothing()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        string path = Folder.WriteSparse("v1/big", 1L << 30);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(token);
        Task<StagedRelease> staging = _fixture.Stage(Path.GetDirectoryName(path)!, cancellation.Token);
        Assert.True(SpinWait.SpinUntil(() => _fixture.StoredNames.Length > 0, TimeSpan.FromSeconds(20)), "copying began");
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => staging);

        Assert.Empty(_fixture.StoredNames);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_full_disk_is_one_clear_line()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        var full = await Assert.ThrowsAsync<IOException>(async () =>
        {
            await using var device = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 0);
            await device.WriteAsync(new byte[1], token);
        });

        Assert.Equal(
            "no space left in /state/releases for a copy of /v2; free some, or keep fewer releases",
            StagingFailure.Explain(full, "/v2", "/state/releases").Message);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_store_that_cannot_be_written_is_one_clear_line()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        Folder.Write("releases", "a file where the folder should be");

        Assert.StartsWith($"cannot write to {Folder["releases"]}", await _fixture.Refusal(Folder.Script("server"), token));
    }

    public void Dispose() => _fixture.Dispose();
}
