using BlueGreen.Agent.Workers;
using Microsoft.Extensions.Time.Testing;

namespace BlueGreen.Agent.Tests.Workers;

public sealed class WorkerProcessTests : IAsyncDisposable
{
    /// <summary>Longer than any test may take: what waits for it to pass fails.</summary>
    private static readonly TimeSpan Endless = TimeSpan.FromMinutes(10);

    private readonly Workshop _workshop = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _workshop.DisposeAsync();

    [Fact(Timeout = 30_000)]
    public async Task The_pid_is_the_workers_own()
    {
        var process = _workshop.Start("echo self=$$; exec sleep 600");

        Assert.Equal(process.Pid, await _workshop.PidAsync("self"));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_worker_leads_a_session_and_a_group_of_its_own()
    {
        var process = _workshop.Start("echo ready; exec sleep 600");
        await _workshop.PrintedAsync("ready");

        var row = ProcessRow.Find(process.Pid)!;
        Assert.Equal((process.Pid, process.Pid), (row.Group, row.Session));
        Assert.Equal(Environment.ProcessId, row.Parent);
    }

    [Fact(Timeout = 30_000)]
    public async Task Its_identity_is_the_one_proc_shows_later_too()
    {
        var process = _workshop.Start("echo ready; exec sleep 600");
        await _workshop.PrintedAsync("ready");

        Assert.NotNull(process.Identity);
        Assert.Equal(ProcessIdentity.Of(process.Pid), process.Identity);
        Assert.NotEqual(ProcessIdentity.Of(Environment.ProcessId)!.StartTicks, process.Identity.StartTicks);
    }

    [Fact(Timeout = 30_000)]
    public async Task Both_outputs_are_appended_to_the_log_and_there_is_no_input()
    {
        File.WriteAllText(_workshop.Log.Path, "before\n");

        var exit = await _workshop.Start("echo out; echo err >&2; cat; echo $GREETING from $PWD").Exited.WaitAsync(Token);

        Assert.Equal(0, exit.Status);
        Assert.Equal(["before", "out", "err", $"hello from {_workshop.Folder.Path}"], _workshop.Log.Tail(10));
    }

    [Theory(Timeout = 30_000)]
    [InlineData("exit 0", 0, "exit status 0")]
    [InlineData("exit 3", 3, "exit status 3")]
    [InlineData("exit 127", 127, "exit status 127")]
    [InlineData("kill -SEGV $$", 139, "killed by SIGSEGV")]
    [InlineData("kill -KILL $$", 137, "killed by SIGKILL")]
    [InlineData("kill -TERM $$", 143, "killed by SIGTERM")]
    [InlineData("exit 200", 200, "exit status 200")]
    public async Task The_exit_tells_how_it_ended(string script, int? status, string description)
    {
        var exit = await _workshop.Start(script).Exited.WaitAsync(Token);

        Assert.Equal((status, description), (exit.Status, exit.Description));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_program_that_cannot_be_started_says_so_in_the_log()
    {
        var exit = await _workshop.StartProgram(["/no/such/program"]).Exited.WaitAsync(Token);

        Assert.NotEqual(0, exit.Status);
        Assert.Contains("/no/such/program", Assert.Single(_workshop.Log.Tail(10)), StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_worker_that_heeds_sigterm_ends_by_itself()
    {
        var process = _workshop.Start("trap 'echo finishing; exit 7' TERM; echo ready; while :; do sleep 0.01; done");
        await _workshop.PrintedAsync("ready");

        var exit = await process.StopAsync(Endless, CancellationToken.None).WaitAsync(Token);

        Assert.Equal(7, exit.Status);
        Assert.Contains("finishing", _workshop.Log.Tail(10));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_worker_that_ignores_sigterm_is_killed_after_the_grace()
    {
        var time = new FakeTimeProvider();
        var process = _workshop.Start("trap '' TERM; echo ready; while :; do sleep 0.01; done", time);
        await _workshop.PrintedAsync("ready");
        var stopping = process.StopAsync(TimeSpan.FromSeconds(10), CancellationToken.None);

        time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.True(ProcessRow.Find(process.Pid)!.IsAlive);
        Assert.False(stopping.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal("killed by SIGKILL", (await stopping.WaitAsync(Token)).Description);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_hurry_ends_the_grace()
    {
        using var hurry = new CancellationTokenSource();
        var process = _workshop.Start("trap '' TERM; echo ready; while :; do sleep 0.01; done");
        await _workshop.PrintedAsync("ready");
        var stopping = process.StopAsync(Endless, hurry.Token);
        Assert.False(stopping.IsCompleted);

        await hurry.CancelAsync();

        Assert.Equal("killed by SIGKILL", (await stopping.WaitAsync(Token)).Description);
    }

    [Fact(Timeout = 30_000)]
    public async Task Sigterm_reaches_the_whole_group()
    {
        var process = _workshop.Start(
            "(trap 'echo child done; exit' TERM; echo ready; while :; do sleep 0.01; done) & trap 'wait; exit' TERM; wait");
        await _workshop.PrintedAsync("ready");

        await process.StopAsync(Endless, CancellationToken.None).WaitAsync(Token);

        Assert.Contains("child done", _workshop.Log.Tail(10));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_child_that_outlives_its_leader_has_the_grace_too()
    {
        var process = _workshop.Start(
            "(trap '' TERM; echo ready; sleep 0.3; echo child done) & trap 'exit 0' TERM; while :; do sleep 0.01; done");
        await _workshop.PrintedAsync("ready");

        var exit = await process.StopAsync(Endless, CancellationToken.None).WaitAsync(Token);

        Assert.Equal(0, exit.Status);
        Assert.Contains("child done", _workshop.Log.Tail(10));
        Assert.Empty(ProcessRow.LivingIn(process.Pid));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_child_that_has_ended_but_is_not_reaped_is_not_waited_for()
    {
        // The keeper, in a group of its own, is the parent of a process of the worker's group and never asks after it.
        var process = _workshop.StartProgram(["python3", "-c", """
            import os, time
            leader = os.getpgrp()
            if os.fork() == 0:
                os.setpgid(0, 0)
                child = os.fork()
                if child == 0:
                    os.setpgid(0, leader)
                    os._exit(0)
                os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
                print(f"child={child}\nkeeper={os.getpid()}", flush=True)
            time.sleep(600)
            """]);
        var keeper = await _workshop.PidAsync("keeper");
        try
        {
            await process.StopAsync(Endless, CancellationToken.None).WaitAsync(Token);

            Assert.Equal('Z', ProcessRow.Find(await _workshop.PidAsync("child"))!.State);
        }
        finally
        {
            System.Diagnostics.Process.GetProcessById(keeper).Kill();
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData("trap '' TERM;", 50)]
    [InlineData("trap '' TERM;", 0)]
    [InlineData("", 50)]
    public async Task Nothing_of_the_group_is_left_when_a_stop_returns(string trap, int graceMs)
    {
        for (var round = 0; round < 5; round++)
        {
            var process = _workshop.Start(
                $"{trap} for i in 1 2 3 4 5 6 7 8; do (trap '' TERM; sh -c 'while :; do sleep 1; done') & done; echo ready{round}; wait; wait");
            await _workshop.PrintedAsync($"ready{round}");

            await process.StopAsync(TimeSpan.FromMilliseconds(graceMs), CancellationToken.None).WaitAsync(Token);

            Assert.Empty(ProcessRow.LivingIn(process.Pid));
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task A_worker_that_has_just_been_started_can_be_killed()
    {
        for (var round = 0; round < 20; round++)
        {
            var process = _workshop.Start("exec sleep 600");

            // It may not have a group of its own yet.
            await process.StopAsync(TimeSpan.Zero, CancellationToken.None).WaitAsync(Token);

            Assert.Null(ProcessRow.Find(process.Pid));
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task A_worker_that_has_just_been_started_hears_sigterm()
    {
        for (var round = 0; round < 20; round++)
        {
            var process = _workshop.Start("exec sleep 600");

            var exit = await process.StopAsync(Endless, CancellationToken.None).WaitAsync(Token);

            Assert.Equal("killed by SIGTERM", exit.Description);
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task The_children_of_a_worker_that_crashed_are_killed()
    {
        var process = _workshop.Start("(trap '' TERM; exec sleep 600) & echo child=$!; sleep 600 & echo ready; kill -KILL $$");

        await process.Exited.WaitAsync(Token);

        await Eventually.TrueAsync(() => ProcessRow.LivingIn(process.Pid).Count == 0);
    }

    [Fact(Timeout = 30_000)]
    public async Task Stopping_one_that_has_ended_returns_its_exit()
    {
        var process = _workshop.Start("exit 3");
        await process.Exited.WaitAsync(Token);

        Assert.Equal(3, (await process.StopAsync(Endless, CancellationToken.None).WaitAsync(Token)).Status);
        Assert.Equal(3, (await process.StopAsync(TimeSpan.Zero, CancellationToken.None).WaitAsync(Token)).Status);
    }
}
