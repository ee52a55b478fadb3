using BlueGreen.Agent.Workers;
using Microsoft.Extensions.Time.Testing;

namespace BlueGreen.Agent.Tests.Workers;

public sealed class AdoptionTests : IAsyncDisposable
{
    /// <summary>Longer than any test may take: what waits for it to pass fails.</summary>
    private static readonly TimeSpan Endless = TimeSpan.FromMinutes(10);

    private readonly Workshop _workshop = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _workshop.DisposeAsync();

    [Fact(Timeout = 30_000)]
    public async Task An_adopted_worker_is_the_process_another_front_started()
    {
        var identity = await _workshop.StartOrphanAsync("exec sleep 600");
        Assert.NotEqual(Environment.ProcessId, ProcessRow.Find(identity.Pid)!.Parent);

        var process = _workshop.Adopt(identity)!;

        Assert.Equal((identity.Pid, identity), (process.Pid, process.Identity));
        Assert.False(process.Exited.IsCompleted);
    }

    [Fact(Timeout = 30_000)]
    public async Task Its_end_is_seen_but_not_how_it_ended()
    {
        var process = _workshop.Adopt(await _workshop.StartOrphanAsync("while [ ! -e end ]; do sleep 0.01; done; exit 3"))!;

        File.WriteAllText(_workshop.Folder["end"], "");
        var exit = await process.Exited.WaitAsync(Token);

        Assert.Null(exit.Status);
        Assert.Equal("exit status unknown (another front had started it)", exit.Description);
    }

    [Fact(Timeout = 30_000)]
    public async Task The_time_it_ran_counts_from_its_start_not_from_its_adoption()
    {
        var time = new FakeTimeProvider();
        var identity = await _workshop.StartOrphanAsync("trap 'exit 0' TERM; echo ready; while :; do sleep 0.01; done");
        await _workshop.PrintedAsync("ready");
        await Eventually.TrueAsync(() => identity.Age() >= TimeSpan.FromSeconds(0.1));
        var process = _workshop.Adopt(identity, time)!;
        time.Advance(TimeSpan.FromHours(1));

        var exit = await process.StopAsync(Endless, CancellationToken.None).WaitAsync(Token);

        Assert.InRange(exit.After, TimeSpan.FromHours(1) + TimeSpan.FromSeconds(0.1), TimeSpan.FromHours(1) + TimeSpan.FromMinutes(1));
    }

    [Fact(Timeout = 30_000)]
    public async Task It_hears_sigterm_and_may_finish()
    {
        var process = _workshop.Adopt(await _workshop.StartOrphanAsync(
            "trap 'echo finishing; exit 0' TERM; echo ready; while :; do sleep 0.01; done"))!;
        await _workshop.PrintedAsync("ready");

        await process.StopAsync(Endless, CancellationToken.None).WaitAsync(Token);

        Assert.Contains("finishing", _workshop.Log.Tail(10));
    }

    [Fact(Timeout = 30_000)]
    public async Task It_is_killed_after_the_grace()
    {
        var time = new FakeTimeProvider();
        var process = _workshop.Adopt(
            await _workshop.StartOrphanAsync("trap '' TERM; echo ready; while :; do sleep 0.01; done"), time)!;
        await _workshop.PrintedAsync("ready");
        var stopping = process.StopAsync(TimeSpan.FromSeconds(10), CancellationToken.None);

        time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.True(ProcessRow.Find(process.Pid)!.IsAlive);
        Assert.False(stopping.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));

        await stopping.WaitAsync(Token);
        Assert.Empty(ProcessRow.LivingIn(process.Pid));
    }

    [Theory(Timeout = 30_000)]
    [InlineData(0)]
    [InlineData(50)]
    public async Task Nothing_of_its_group_is_left_when_a_stop_returns(int graceMs)
    {
        var process = _workshop.Adopt(await _workshop.StartOrphanAsync(
            "for i in 1 2 3 4; do (trap '' TERM; sh -c 'while :; do sleep 1; done') & done; echo ready; wait; wait"))!;
        await _workshop.PrintedAsync("ready");

        await process.StopAsync(TimeSpan.FromMilliseconds(graceMs), CancellationToken.None).WaitAsync(Token);

        Assert.Empty(ProcessRow.LivingIn(process.Pid));
    }

    [Fact(Timeout = 30_000)]
    public async Task What_it_started_is_killed_when_it_crashes()
    {
        var process = _workshop.Adopt(await _workshop.StartOrphanAsync(
            "(trap '' TERM; exec sleep 600) & echo ready; while [ ! -e end ]; do sleep 0.01; done; kill -KILL $$"))!;
        await _workshop.PrintedAsync("ready");

        File.WriteAllText(_workshop.Folder["end"], "");
        await process.Exited.WaitAsync(Token);

        await Eventually.TrueAsync(() => ProcessRow.LivingIn(process.Pid).Count == 0);
    }

    [Fact(Timeout = 30_000)]
    public async Task Another_process_with_its_pid_is_left_alone()
    {
        var identity = await _workshop.StartOrphanAsync("exec sleep 600");

        Assert.Null(_workshop.Adopt(identity with { StartTicks = identity.StartTicks - 1 }));
        Assert.Null(_workshop.Adopt(identity with { BootId = "another" }));

        Assert.True(ProcessRow.Find(identity.Pid)!.IsAlive);
    }

    [Fact(Timeout = 30_000)]
    public async Task One_that_is_gone_is_not_adopted()
    {
        var process = _workshop.Start("exec sleep 600");
        Assert.NotNull(process.Identity);
        await process.StopAsync(TimeSpan.Zero, CancellationToken.None).WaitAsync(Token);

        Assert.Null(_workshop.Adopt(process.Identity));
        Assert.Null(_workshop.Adopt(process.Identity with { Pid = int.MaxValue }));
    }

    [Fact(Timeout = 30_000)]
    public async Task One_that_has_ended_and_waits_to_be_reaped_is_not_adopted()
    {
        // The parent never asks after its child while it lives.
        _workshop.StartProgram(["python3", "-c", """
            import os, time
            child = os.fork()
            if child == 0:
                os._exit(0)
            os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
            print(f"child={child}", flush=True)
            time.sleep(600)
            """]);
        var child = await _workshop.PidAsync("child");
        Assert.Equal('Z', ProcessRow.Find(child)!.State);

        Assert.Null(_workshop.Adopt(ProcessIdentity.Of(child)!));
    }

    [Fact(Timeout = 60_000)]
    public async Task Many_are_watched_at_once_and_each_end_is_told_once_it_comes()
    {
        var processes = new List<WorkerProcess>();
        for (var i = 0; i < 20; i++)
        {
            processes.Add(_workshop.Adopt(await _workshop.StartOrphanAsync("exec sleep 600"))!);
        }

        foreach (var process in processes)
        {
            Assert.All(processes.SkipWhile(other => other != process), other => Assert.False(other.Exited.IsCompleted));
            await process.StopAsync(Endless, CancellationToken.None).WaitAsync(Token);
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task A_watch_frees_its_handle_when_the_process_has_ended()
    {
        var identity = await _workshop.StartOrphanAsync("exec sleep 600");
        var process = _workshop.Adopt(identity)!;
        Assert.Single(PidHandles(identity.Pid));

        await process.StopAsync(Endless, CancellationToken.None).WaitAsync(Token);

        Assert.Null(_workshop.Adopt(identity));
        Assert.Empty(PidHandles(identity.Pid));
    }

    /// <summary>The handles of this program on a process (proc(5), fdinfo: "Pid:"), which is -1 once it was reaped.</summary>
    private static IEnumerable<string> PidHandles(int pid) =>
        Directory.EnumerateFiles("/proc/self/fdinfo").Where(handle => Read(handle).Split('\n').Contains($"Pid:\t{pid}"));

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
