using BlueGreen.EndToEnd.Tests.Harness;

namespace BlueGreen.EndToEnd.Tests.Workers;

/// <summary>
/// Workers of another user, behind a front that is root. Where the tests are not, such a front is to say no: that is looked for then.
/// </summary>
public sealed class LimitsTests : IDisposable
{
    /// <summary>A user that every Debian has, with nothing of its own: it must find Python in the system's place.</summary>
    private const string User = "daemon";

    private const UnixFileMode Passage =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly TestFolder _folder = new();

    public LimitsTests()
    {
        // What lies above a state folder is not the front's to open.
        File.SetUnixFileMode(_folder.Root, Passage);
    }

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = 90_000)]
    [InlineData("tcp")]
    [InlineData("unix")]
    public async Task Workers_of_another_user_serve_are_replaced_rolled_back_and_found_again(string bind)
    {
        Configure($"bind: {bind}, instances: 2, probation: 0s", "nice: 3, files: 4096, umask: '027'");
        if (!Environment.IsPrivilegedProcess)
        {
            await AssertRefusedAsync();
            return;
        }

        WorkerStatus[] before;
        await using (var first = await Front.StartAsync(_folder, SampleRelease.MakePython(_folder, "v1")))
        {
            await first.ActiveAsync(1);
            await using var load = await RunningLoad.StartAsync(first.Address);
            var deployed = await first.DeployAsync(SampleRelease.MakePython(_folder, "v2"));
            Assert.True(deployed.Code == 0, deployed.ToString());
            await load.FurtherAsync(200);
            Assert.Equal(0, (await first.RollbackAsync()).Code);
            await load.FurtherAsync(200);
            var report = await load.StopAsync();
            Assert.True(report.IsFlawless, report.ToString());
            Assert.Equal(["v1", "v2"], report.Releases.Select(seen => seen.Label));
            await first.SettledAsync();
            before = [.. (await first.StatusAsync()).App().Active!.Workers];
            Assert.All(before, worker => Assert.Equal(User, UserOf(worker.Pid)));
            Assert.All(before, worker => Assert.Equal("4096", LimitOf(worker.Pid, "Max open files")));
            await first.KillAsync();
        }

        // As a service manager does (StateDirectoryMode=).
        File.SetUnixFileMode(_folder.State, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await using var second = await Front.StartAsync(_folder);
        using var visitor = new Visitor(second.Address);
        Assert.Equal(200, (await visitor.GetAsync()).Status);
        await Until.TrueAsync(async () => (await second.StatusAsync()).App().Active!.Workers.All(worker => worker.State == "healthy"));
        var app = (await second.StatusAsync()).App();
        Assert.Equal(before.Select(worker => (worker.Id, worker.Pid, worker.Address)), app.Active!.Workers.Select(worker => (worker.Id, worker.Pid, worker.Address)));

        ProcessTable.Signal(before[0].Pid, Signals.Kill);
        await Until.TrueAsync(async () => (await second.StatusAsync()).App().Active!.Workers.Any(worker => worker is { Restarts: 1, State: "healthy" }));
        Assert.All((await second.StatusAsync()).App().Active!.Workers, worker => Assert.Equal(User, UserOf(worker.Pid)));
        Assert.Equal(0, await second.StopAsync());
        Assert.Empty(_folder.WorkerPids);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder.State, "run"), "*", SearchOption.AllDirectories));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_worker_of_another_user_that_no_journal_knows_is_found_and_one_of_an_app_that_is_gone_is_stopped()
    {
        Configure("bind: tcp, probation: 0s", "");
        if (!Environment.IsPrivilegedProcess)
        {
            await AssertRefusedAsync();
            return;
        }

        int pid;
        await using (var first = await Front.StartAsync(_folder, SampleRelease.MakePython(_folder, "v1")))
        {
            await first.ActiveAsync(1);
            pid = (await first.StatusAsync()).App().Active!.Workers[0].Pid;
            await first.KillAsync();
        }

        _folder.LoseState();

        await using (var second = await Front.StartAsync(_folder))
        {
            await second.ActiveAsync(1);
            Assert.Equal(pid, (await second.StatusAsync()).App().Active!.Workers[0].Pid);
            await second.KillAsync();
        }

        // Nothing configured tells any more whose processes the app had: the journal does.
        _folder.Configure("apps: {other: {}}");
        await using var third = await Front.StartAsync(_folder);
        await Until.TrueAsync(() => Task.FromResult(!ProcessTable.IsAlive(pid)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Release_and_preflight_are_run_as_the_user_in_the_folder_that_is_configured()
    {
        Configure("bind: tcp, preflight: 'id -un; pwd; exit 7'", "folder: sub");
        var release = SampleRelease.MakePython(_folder, "v1");
        File.SetUnixFileMode(release, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (!Environment.IsPrivilegedProcess)
        {
            await AssertRefusedAsync();
            return;
        }

        await using var front = await Front.StartAsync(_folder);
        var missing = await front.DeployAsync(release);
        Assert.Equal(1, missing.Code);
        Assert.Equal("the release has no folder sub (limits.folder)", missing.Event("failed").Text("reason"));

        Directory.CreateDirectory(Path.Combine(release, "sub"));
        var refused = await front.DeployAsync(release);
        Assert.Equal(1, refused.Code);
        Assert.StartsWith("preflight refused it: exit status 7", refused.Event("failed").Text("reason"), StringComparison.Ordinal);
        Assert.Equal($"{User}\n{_folder.State}/releases/web/2/sub", refused.Event("failed").Joined("output"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_user_that_is_not_there_fails_the_deployment_and_not_what_serves()
    {
        _folder.Configure("apps: {web: {bind: tcp, probation: 0s}}");
        await using var front = await Front.StartAsync(_folder, SampleRelease.MakePython(_folder, "v1"));
        await front.ActiveAsync(1);
        Configure("bind: tcp, probation: 0s", "", user: "nosuch");

        var reloaded = await front.RunAsync("reload");
        var deployed = await front.DeployAsync(SampleRelease.MakePython(_folder, "v2"));

        Assert.True(reloaded.Code == 0, reloaded.ToString());
        await front.LoggedAsync("The next deployment will fail: apps.web.processes.web.limits.user: this machine has no user 'nosuch'");
        Assert.Equal(1, deployed.Code);
        Assert.Equal(
            "limits.user: this machine has no user 'nosuch': create it (useradd --system nosuch), or name another", deployed.Event("failed").Text("reason"));
        using var visitor = new Visitor(front.Address);
        Assert.Equal("1", (await visitor.GetAsync()).Release);
    }

    /// <summary>Not every machine lets the tests make control groups; then that the deployment says so is what there is to see.</summary>
    [Fact(Timeout = 60_000)]
    public async Task A_worker_that_needs_more_memory_than_it_may_have_is_killed_and_said_to_be_or_the_deployment_says_why_it_cannot_be_limited()
    {
        const string server = """
            import http.server, os
            class Handler(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    hog = []
                    while self.path == "/eat":
                        hog.append(bytearray(b"x" * 1048576))
                    self.send_response(200)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
            http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
            """;
        _folder.Write("hungry/server.py", server);
        _folder.Configure(
            "apps: {web: {command: /usr/bin/python3 server.py, bind: tcp, probation: 0s, processes: {web: {limits: {memory: 64MiB}}}}}\n");
        await using var front = await Front.StartAsync(_folder);

        var deployed = await front.DeployAsync(_folder.In("hungry"));

        if (deployed.Code != 0)
        {
            var reason = deployed.Event("failed").Text("reason");
            Assert.StartsWith("limits.memory: ", reason, StringComparison.Ordinal);
            Assert.EndsWith("or remove the key", reason, StringComparison.Ordinal);
            return;
        }

        using var client = new HttpClient { BaseAddress = front.Address };
        using var eating = await client.GetAsync("/eat", TestContext.Current.CancellationToken);
        Assert.False(eating.IsSuccessStatusCode);
        await front.LoggedAsync("out of memory: it needed more than the 64 MiB of limits.memory, and the kernel killed it");
        await Until.TrueAsync(async () => (await front.StatusAsync()).App().Active!.Workers.Any(worker => worker is { Restarts: 1, State: "healthy" }));
    }

    private void Configure(string app, string limits, string user = User) =>
        _folder.Configure($"apps: {{web: {{command: /usr/bin/python3 server.py, {app}, processes: {{web: {{limits: {{user: {user}, {limits}}}}}}}}}}}\n");

    private async Task AssertRefusedAsync()
    {
        await using var front = await Front.StartAsync(_folder);
        var deployed = await front.DeployAsync(SampleRelease.MakePython(_folder, "v1"));
        Assert.Equal(1, deployed.Code);
        Assert.Contains("run the front as root", deployed.Event("failed").Text("reason"), StringComparison.Ordinal);
    }

    private static string UserOf(int pid)
    {
        var uid = File.ReadLines($"/proc/{pid}/status").Single(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1];
        return File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Single(fields => fields[2] == uid)[0];
    }

    private static string LimitOf(int pid, string name) => File.ReadLines($"/proc/{pid}/limits")
        .Single(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
}
