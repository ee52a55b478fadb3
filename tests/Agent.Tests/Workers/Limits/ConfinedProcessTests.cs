using System.Globalization;
using BlueGreen.Agent.Workers;
using BlueGreen.Agent.Workers.Limits;
using CliWrap.Buffered;

namespace BlueGreen.Agent.Tests.Workers.Limits;

public sealed class ConfinedProcessTests : IAsyncDisposable
{
    private const UnixFileMode PassAndLook =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly Workshop _workshop = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _workshop.DisposeAsync();

    [Fact(Timeout = 30_000)]
    public async Task Priority_files_and_umask_are_as_configured_and_the_pid_is_its_own()
    {
        var process = StartConfined(
            "umask; cat /proc/self/limits; touch made; echo self=$$; exec sleep 600", new() { Nice = 7, OpenFiles = 512, Umask = (UnixFileMode)Convert.ToInt32("027", 8) });

        Assert.Equal(process.Pid, await _workshop.PidAsync("self"));
        Assert.Equal("0027", _workshop.Printed.Split('\n')[0]);
        Assert.Matches(@"Max open files +512 +512 ", _workshop.Printed);
        Assert.Equal(7, NiceOf(process.Pid));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(_workshop.Folder["made"]));
        var row = ProcessRow.Find(process.Pid)!;
        Assert.Equal((process.Pid, process.Pid, Environment.ProcessId), (row.Group, row.Session, row.Parent));
    }

    [Fact(Timeout = 30_000)]
    public async Task The_nice_value_is_no_increment()
    {
        var own = FrontPowers.Current().Nice;
        var process = StartConfined("echo self=$$; exec sleep 600", new() { Nice = own });

        await _workshop.PidAsync("self");

        Assert.Equal(own, NiceOf(process.Pid));
    }

    [Fact(Timeout = 30_000)]
    public async Task Its_exit_and_its_output_are_told_as_those_of_any_other()
    {
        var exit = await StartConfined("echo out; echo err >&2; cat; exit 3", new() { Nice = 5, OpenFiles = 512 }).Exited.WaitAsync(Token);

        Assert.Equal("exit status 3", exit.Description);
        Assert.Equal(["out", "err"], _workshop.Log.Tail(10));
    }

    [Fact(Timeout = 30_000)]
    public async Task What_is_refused_after_all_keeps_the_program_from_starting_and_says_so()
    {
        // More than the kernel gives anybody: what was checked may have changed since.
        var refused = new Confinement { OpenFiles = int.MaxValue };

        var exit = await _workshop.StartConfined("echo started", refused).Exited.WaitAsync(Token);

        Assert.NotEqual(0, exit.Status);
        Assert.Contains("limit", Assert.Single(_workshop.Log.Tail(10)), StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task Another_user_has_its_own_groups_and_no_way_back()
    {
        if (!TestUser.IsAllowed)
        {
            TestUser.AssertRefused(TestUser.Limits);
            return;
        }

        LetPass();
        var process = StartConfined("grep -E '^(Uid|Gid|Cap|NoNewPrivs)' /proc/self/status; id -G; echo self=$$; exec sleep 600", TestUser.Limits);
        Assert.Equal(process.Pid, await _workshop.PidAsync("self"));

        var lines = _workshop.Printed.Split('\n').ToDictionary(line => line.Split(':')[0], line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim());
        var (uid, gid) = (TestUser.Account.Uid, TestUser.Account.Gid);
        Assert.Equal($"{uid}\t{uid}\t{uid}\t{uid}", lines["Uid"]);
        Assert.Equal($"{gid}\t{gid}\t{gid}\t{gid}", lines["Gid"]);
        Assert.All((string[])["CapInh", "CapPrm", "CapEff", "CapAmb"], name => Assert.Equal(0ul, Convert.ToUInt64(lines[name], 16)));
        Assert.Equal("1", lines["NoNewPrivs"]);
        Assert.Contains(await GroupsAsync(TestUser.Name), _workshop.Printed.Split('\n'));
        Assert.Equal(uid, ProcessStatus.UserOf(process.Pid));
    }

    [Fact(Timeout = 30_000)]
    public async Task Another_group_takes_the_place_of_the_users_own()
    {
        var limits = TestUser.Limits with { Group = "nogroup" };
        if (!TestUser.IsAllowed)
        {
            TestUser.AssertRefused(limits);
            return;
        }

        LetPass();
        await StartConfined("id -un; id -gn", limits).Exited.WaitAsync(Token);

        Assert.Equal([TestUser.Name, "nogroup"], _workshop.Log.Tail(10));
    }

    [Fact(Timeout = 30_000)]
    public async Task The_rights_go_last_so_that_all_else_can_be_given_that_only_root_may()
    {
        var limits = TestUser.Limits with { Nice = -3, OpenFiles = 256, Umask = (UnixFileMode)Convert.ToInt32("077", 8) };
        if (!TestUser.IsAllowed)
        {
            TestUser.AssertRefused(limits);
            return;
        }

        LetPass();
        var process = StartConfined("id -un; umask; ulimit -Hn; ulimit -Sn; echo self=$$; exec sleep 600", limits);
        await _workshop.PidAsync("self");

        Assert.Equal([TestUser.Name, "0077", "256", "256"], _workshop.Log.Tail(10).SkipLast(1));
        Assert.Equal(-3, NiceOf(process.Pid));
    }

    [Fact(Timeout = 30_000)]
    public async Task The_environment_is_that_of_the_user_unless_it_is_configured()
    {
        if (!TestUser.IsAllowed)
        {
            TestUser.AssertRefused(TestUser.Limits);
            return;
        }

        LetPass();
        var worker = _workshop.Launch(
            "echo $HOME $USER $LOGNAME", environment: new Dictionary<string, string> { ["HOME"] = "/srv/data" }, confinement: TestUser.Confine(TestUser.Limits));
        await worker.Exited.WaitAsync(Token);

        Assert.Equal($"/srv/data {TestUser.Name} {TestUser.Name}", Assert.Single(_workshop.Log.Tail(10)));
        Assert.Equal(TestUser.Account.Uid, worker.User);
    }

    [Fact(Timeout = 30_000)]
    public async Task Another_user_can_open_its_log_again_but_not_the_folder_of_it()
    {
        if (!TestUser.IsAllowed)
        {
            TestUser.AssertRefused(TestUser.Limits);
            return;
        }

        LetPass();
        await StartConfined("echo again >/dev/stdout; echo more >>/dev/stderr; ls . || echo shut", TestUser.Limits).Exited.WaitAsync(Token);

        Assert.Equal(["again", "more"], _workshop.Log.Tail(10).Take(2));
        Assert.Equal("shut", _workshop.Log.Tail(1).Single());
    }

    [Fact(Timeout = 30_000)]
    public async Task A_working_folder_that_the_user_may_not_enter_is_named_in_one_line()
    {
        if (!TestUser.IsAllowed)
        {
            TestUser.AssertRefused(TestUser.Limits);
            return;
        }

        var folder = Directory.CreateDirectory(_workshop.Folder["shut/in here"]).FullName;
        File.SetUnixFileMode(_workshop.Folder["shut"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var exit = await _workshop.StartConfined("echo started", TestUser.Confine(TestUser.Limits)!, folder).Exited.WaitAsync(Token);

        Assert.Equal(125, exit.Status);
        Assert.Equal(
            $"bluegreen: user {TestUser.Name} cannot enter the working folder {folder}: let that user pass all folders above it (chmod o+x)",
            Assert.Single(_workshop.Log.Tail(10)));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_worker_of_another_user_is_stopped_with_all_it_started()
    {
        if (!TestUser.IsAllowed)
        {
            TestUser.AssertRefused(TestUser.Limits);
            return;
        }

        LetPass();
        var process = StartConfined("trap '' TERM; (trap '' TERM; sleep 600) & echo self=$$; wait", TestUser.Limits);
        await _workshop.PidAsync("self");

        var exit = await process.StopAsync(TimeSpan.FromMilliseconds(50), CancellationToken.None).WaitAsync(Token);

        Assert.Equal("killed by SIGKILL", exit.Description);
        Assert.Empty(ProcessRow.LivingIn(process.Pid));
    }

    private WorkerProcess StartConfined(string script, ProcessLimits limits) => _workshop.StartConfined(script, TestUser.Confine(limits)!);

    /// <summary>The test's folder is its owner's alone.</summary>
    private void LetPass() => File.SetUnixFileMode(_workshop.Folder.Path, PassAndLook);

    private static int NiceOf(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16], CultureInfo.InvariantCulture);
    }

    private static async Task<string> GroupsAsync(string user) =>
        (await CliWrap.Cli.Wrap("id").WithArguments(["-G", user]).ExecuteBufferedAsync(Token)).StandardOutput.Trim();
}
