using BlueGreen.Agent.Releases;
using BlueGreen.Agent.Releases.Disk;
using BlueGreen.Agent.State;
using BlueGreen.Agent.Tests.Workers.Limits;
using CliWrap;
using CliWrap.Buffered;

namespace BlueGreen.Agent.Tests.Releases;

public sealed class ReleaseAccessTests : IDisposable
{
    private const string Secret = "SECRET";

    private readonly TemporaryFolder _folder = new();
    private readonly StateDirectory _state;
    private readonly ReleaseStore _store;

    public ReleaseAccessTests()
    {
        File.SetUnixFileMode(_folder.Path, Mode("755"));
        _state = new StateDirectory(_folder["s"]);
        _state.Create();
        _store = new ReleaseStore(_state.Releases, TimeProvider.System);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 30_000)]
    public async Task The_user_reads_all_of_its_release_and_nothing_else_of_the_state_folder()
    {
        var other = await StoreAsync("web", 1);
        var release = await StoreAsync("web", 2);
        var foreign = await StoreAsync("api", 1);
        File.WriteAllText(_folder["s/state.json"], Secret);
        File.SetUnixFileMode(_folder["s/state.json"], Mode("600"));
        File.WriteAllText(_state.Lock, "");
        if (!TestUser.IsAllowed)
        {
            TestUser.AssertRefused(TestUser.Limits);
            return;
        }

        Assert.Null(await AsUserAsync($"cat {release.Directory}/sub/private"));
        LetIn("web", release);

        Assert.Equal(Secret, await AsUserAsync($"cat {release.Directory}/sub/private"));
        Assert.Equal("private\n", await AsUserAsync($"cd {release.Directory}/sub && ls"));
        Assert.Equal("ran\n", await AsUserAsync($"{release.Directory}/run"));
        foreach (var path in (string[])
        [
            _folder["s/state.json"], _folder["s/front.lock"], _folder["s/releases/web/2.json"], $"{other.Directory}/open", $"{foreign.Directory}/open",
        ])
        {
            Assert.Null(await AsUserAsync($"cat {path}"));
        }

        foreach (var path in (string[])[_state.Root, _state.Releases, _folder["s/releases/web"], _folder["s/releases/api/1"], _state.Run, _state.Logs])
        {
            Assert.Null(await AsUserAsync($"ls {path}"));
        }

        Assert.Null(await AsUserAsync($"echo >{release.Directory}/new"));
        Assert.Null(await AsUserAsync($"echo >>{release.Directory}/open"));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_release_that_comes_later_is_shut_until_it_is_opened()
    {
        if (!TestUser.IsAllowed)
        {
            TestUser.AssertRefused(TestUser.Limits);
            return;
        }

        LetIn("web", await StoreAsync("web", 1));

        var later = await StoreAsync("web", 2);
        var ofAnother = await StoreAsync("api", 1);

        Assert.Null(await AsUserAsync($"cat {later.Directory}/open"));
        Assert.Null(await AsUserAsync($"cat {ofAnother.Directory}/open"));
        LetIn("web", later);
        Assert.Equal("open", await AsUserAsync($"cat {later.Directory}/open"));
    }

    [Fact(Timeout = 30_000)]
    public async Task Both_releases_that_share_files_are_open_each_for_its_group_and_still_share_them()
    {
        if (!TestUser.IsAllowed)
        {
            TestUser.AssertRefused(TestUser.Limits);
            return;
        }

        var first = await StoreAsync("web", 1);
        LetIn("web", first);
        var second = await StoreAsync("web", 2);
        LetIn("web", second, group: 0);

        Assert.True(FileStatus.Of($"{first.Directory}/sub/private")!.Value.IsSameAs(FileStatus.Of($"{second.Directory}/sub/private")!.Value));
        Assert.Equal(Secret, await AsUserAsync($"cat {first.Directory}/sub/private"));
        Assert.Null(await AsUserAsync($"cat {second.Directory}/sub/private"));
    }

    [Fact(Timeout = 30_000)]
    public async Task The_sockets_of_a_user_have_a_folder_that_nobody_else_can_enter()
    {
        if (!TestUser.IsAllowed)
        {
            TestUser.AssertRefused(TestUser.Limits);
            return;
        }

        _state.LetPass();
        var uid = TestUser.Account.Uid;
        var folder = _state.MakeRunOf(uid, path => Agent.Workers.Limits.FileOwner.Change(path, uid, TestUser.Account.Gid));

        Assert.Equal(_folder[$"s/run/{uid}"], folder);
        Assert.Equal(folder, _state.MakeRunOf(uid, path => Agent.Workers.Limits.FileOwner.Change(path, uid)));
        Assert.Equal("", await AsUserAsync($"echo >{folder}/made"));
        Assert.Equal(Mode("700"), File.GetUnixFileMode(folder));
        Assert.Throws<IOException>(() => _state.MakeRunOf(uid, _ => false));
    }

    [Fact]
    public void Passing_is_all_that_others_may_do_and_asking_twice_changes_nothing()
    {
        File.WriteAllText(_state.PidFile, "1");
        File.SetUnixFileMode(_state.PidFile, Mode("644"));

        _state.LetPass();
        _state.LetPass();

        Assert.All((string[])[_state.Root, _state.Releases, _state.Run], path => Assert.Equal(Mode("701"), File.GetUnixFileMode(path)));
        Assert.Equal(Mode("700"), File.GetUnixFileMode(_state.Logs));
        Assert.Equal(Mode("600"), File.GetUnixFileMode(_state.PidFile));
    }

    private void LetIn(string app, Release release, uint? group = null)
    {
        _store.LetIn(app, release, group ?? TestUser.Account.Gid);
        _state.LetPass();
    }

    private async Task<Release> StoreAsync(string app, int number)
    {
        _folder.Write("source/open", "open", Mode("644"));
        _folder.Write("source/sub/private", Secret, Mode("600"));
        _folder.Write("source/run", "#!/bin/sh\necho ran\n", Mode("700"));
        File.SetUnixFileMode(_folder["source/sub"], Mode("700"));
        File.SetUnixFileMode(_folder["source"], Mode("755"));
        var staged = await _store.StageAsync(app, _folder["source"], new ReleaseDemands(), Token);
        return _store.Commit(
            staged, app, number, "v1", new LaunchCommand { Line = "./run", Origin = "command" }, new Dictionary<string, string> { ["KEY"] = Secret });
    }

    /// <summary>What a script prints as that user; null where it fails.</summary>
    private static async Task<string?> AsUserAsync(string script)
    {
        var result = await CliWrap.Cli.Wrap("setpriv")
            .WithArguments([$"--reuid={TestUser.Name}", $"--regid={TestUser.Account.Gid}", "--init-groups", "/bin/sh", "-c", script])
            .WithWorkingDirectory("/")
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(Token);
        return result.ExitCode == 0 ? result.StandardOutput : null;
    }

    private static UnixFileMode Mode(string octal) => (UnixFileMode)Convert.ToInt32(octal, 8);
}
