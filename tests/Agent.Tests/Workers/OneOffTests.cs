using BlueGreen.Agent.Workers;
using Microsoft.Extensions.Time.Testing;

namespace BlueGreen.Agent.Tests.Workers;

public sealed class OneOffTests : IAsyncDisposable
{
    private readonly Workshop _workshop = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _workshop.DisposeAsync();

    [Theory(Timeout = 30_000)]
    [InlineData("exit 0", true, "exit status 0")]
    [InlineData("exit 3", false, "exit status 3")]
    [InlineData("kill -SEGV $$", false, "killed by SIGSEGV")]
    public async Task The_exit_status_tells(string script, bool succeeded, string description)
    {
        var end = await RunAsync(script);

        Assert.Equal((succeeded, description), (end.Succeeded, end.Exit!.Description));
    }

    [Fact(Timeout = 30_000)]
    public async Task Its_last_lines_are_its_own_not_those_of_an_earlier_run()
    {
        await RunAsync("echo earlier");

        var end = await RunAsync("for i in $(seq 30); do echo line $i; done; echo oops >&2");

        Assert.Equal([.. Enumerable.Range(12, 19).Select(i => $"line {i}"), "oops"], end.Output);
        Assert.StartsWith("earlier\nline 1\n", _workshop.Printed, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task It_is_told_what_it_is_for_and_no_address()
    {
        var end = await RunAsync("echo $BLUEGREEN_TASK $GREETING; pwd; env | grep -cE '^(PORT|HOST|SOCKET|ASPNETCORE_URLS|BLUEGREEN_WORKER)='");

        Assert.Equal(["preflight hello", _workshop.Folder.Path, "0"], end.Output);
    }

    [Fact(Timeout = 30_000)]
    public async Task What_it_is_given_comes_on_standard_input()
    {
        Assert.Equal(["got {}", "and then the end"], (await RunAsync("read line; echo got $line; cat; echo and then the end", input: "{}\n")).Output);
        Assert.Equal(["the end at once"], (await RunAsync("cat; echo the end at once")).Output);
    }

    [Fact(Timeout = 30_000)]
    public async Task Input_that_nobody_reads_does_no_harm() =>
        Assert.True((await RunAsync("exit 0", input: new string('x', 1_000_000))).Succeeded);

    [Fact(Timeout = 30_000)]
    public async Task When_its_time_is_over_all_it_has_started_is_killed()
    {
        var time = new FakeTimeProvider();
        var running = OneOff.RunAsync(Spec("trap '' TERM; (trap '' TERM; exec sleep 600) & echo self=$$; wait", null), time, Token);
        var leader = await _workshop.PidAsync("self");

        time.Advance(TimeSpan.FromSeconds(30));
        var end = await running.WaitAsync(Token);

        Assert.Null(end.Exit);
        Assert.False(end.Succeeded);
        Assert.Equal([$"self={leader}"], end.Output);
        Assert.Empty(ProcessRow.LivingIn(leader));
    }

    [Fact(Timeout = 30_000)]
    public async Task What_has_a_grace_is_asked_to_end_before_it_is_killed()
    {
        using var cancel = new CancellationTokenSource();
        var running = OneOff.RunAsync(
            Spec("trap 'echo taken back; exit 0' TERM; echo self=$$; sleep 600 & wait", null) with { Grace = TimeSpan.FromSeconds(20) },
            TimeProvider.System, cancel.Token);
        var leader = await _workshop.PidAsync("self");

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(Token));
        Assert.EndsWith("taken back\n", _workshop.Printed, StringComparison.Ordinal);
        Assert.Empty(ProcessRow.LivingIn(leader));
    }

    [Theory(Timeout = 30_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_grace_ends_by_itself_or_in_a_hurry(bool hurried)
    {
        using var hurry = new CancellationTokenSource();
        var time = new FakeTimeProvider();
        var running = OneOff.RunAsync(
            Spec("trap 'echo asked' TERM; echo self=$$; while :; do sleep 0.01; done", null) with { Grace = TimeSpan.FromSeconds(20) }, time, Token, hurry.Token);
        var leader = await _workshop.PidAsync("self");
        time.Advance(TimeSpan.FromSeconds(30));
        await Eventually.TrueAsync(() => _workshop.Printed.Contains("asked", StringComparison.Ordinal));
        Assert.False(running.IsCompleted);

        if (hurried)
        {
            await hurry.CancelAsync();
        }
        else
        {
            time.Advance(TimeSpan.FromSeconds(20));
        }

        Assert.Null((await running.WaitAsync(Token)).Exit);
        Assert.Empty(ProcessRow.LivingIn(leader));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_cancellation_kills_it_too()
    {
        using var cancel = new CancellationTokenSource();
        var running = OneOff.RunAsync(Spec("echo self=$$; sleep 600", null), TimeProvider.System, cancel.Token);
        var leader = await _workshop.PidAsync("self");

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(Token));
        Assert.Empty(ProcessRow.LivingIn(leader));
    }

    [Fact(Timeout = 30_000)]
    public async Task What_it_leaves_behind_when_it_ends_is_killed()
    {
        var end = await RunAsync("sleep 600 & echo child=$!");

        Assert.True(end.Succeeded);
        var child = await _workshop.PidAsync("child");
        await Eventually.TrueAsync(() => ProcessRow.Find(child) is not { IsAlive: true });
    }

    [Fact(Timeout = 30_000)]
    public async Task A_front_finds_what_the_one_before_it_was_running()
    {
        using var cancel = new CancellationTokenSource();
        var running = OneOff.RunAsync(Spec("echo self=$$; exec sleep 600", null), TimeProvider.System, cancel.Token);
        var leader = await _workshop.PidAsync("self");

        // As an execve(2) can be under way.
        await Eventually.TrueAsync(() => RunningWorkers.FindTasks(_workshop.Folder.Path).Count > 0);
        var found = Assert.Single(RunningWorkers.FindTasks(_workshop.Folder.Path));

        Assert.Equal(("preflight", "web", leader), (found.Task, found.App, found.Identity.Pid));
        Assert.Empty(RunningWorkers.Find(_workshop.Folder.Path));
        Assert.Empty(RunningWorkers.FindTasks(_workshop.Folder.Path + "2"));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(Token));
    }

    private Task<OneOffEnd> RunAsync(string script, string? input = null) =>
        OneOff.RunAsync(Spec(script, input), TimeProvider.System, Token).WaitAsync(Token);

    private OneOffSpec Spec(string script, string? input) => new()
    {
        Task = "preflight",
        Directory = _workshop.Folder.Path,
        Arguments = _ => ["/bin/sh", "-c", script],
        Environment = new Dictionary<string, string>
        {
            ["GREETING"] = "hello",
            [WorkerVariables.App] = "web",
            [WorkerVariables.State] = _workshop.Folder.Path,
        },
        Log = _workshop.Log,
        Input = input,
        Timeout = TimeSpan.FromSeconds(30),
    };
}
