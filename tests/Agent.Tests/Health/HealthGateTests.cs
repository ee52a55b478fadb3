using BlueGreen.Agent.Health;
using Microsoft.Extensions.Time.Testing;

namespace BlueGreen.Agent.Tests.Health;

public sealed class HealthGateTests
{
    private static readonly ProbeResult Pass = new(true, "GET /healthz answered 200");
    private static readonly ProbeResult Fail = new(false, "GET /healthz answered 500");

    private readonly FakeTimeProvider _time = new();
    private readonly TaskCompletionSource _exited = new();
    private int _checks;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = 30_000)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public async Task A_worker_is_healthy_after_so_many_passes_in_a_row(int passes)
    {
        var verdict = await RunAsync(new HealthOptions { Passes = passes }, _ => Pass);

        Assert.IsType<GateVerdict.Healthy>(verdict);
        Assert.Equal(passes, _checks);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_failure_resets_the_count()
    {
        var verdict = await RunAsync(new HealthOptions { Passes = 3 }, check => check is 3 or 5 ? Fail : Pass);

        Assert.IsType<GateVerdict.Healthy>(verdict);
        Assert.Equal(8, _checks);
    }

    [Fact(Timeout = 30_000)]
    public async Task The_verdict_tells_when_the_first_pass_of_the_last_row_was()
    {
        var verdict = await RunAsync(new HealthOptions { Passes = 2 }, check =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return check is 2 or 4 or 5 ? Pass : Fail;
        });

        var healthy = Assert.IsType<GateVerdict.Healthy>(verdict);
        Assert.InRange(healthy.FirstPassAfter, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(4.5));
        Assert.InRange(healthy.After, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5.5));
    }

    [Fact(Timeout = 30_000)]
    public async Task Checks_follow_each_other_within_tens_of_milliseconds()
    {
        await RunAsync(new HealthOptions { Passes = 11 }, _ => Pass);

        Assert.InRange(_time.GetUtcNow() - _time.Start, TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(500));
    }

    [Fact(Timeout = 30_000)]
    public async Task After_the_deadline_the_verdict_tells_what_the_last_check_saw()
    {
        var options = new HealthOptions { Deadline = TimeSpan.FromSeconds(2) };

        var verdict = await RunAsync(options, _ => Fail);

        Assert.Equal(Fail, Assert.IsType<GateVerdict.TooLate>(verdict).Last);
        Assert.InRange(_time.GetUtcNow() - _time.Start, options.Deadline, options.Deadline + TimeSpan.FromSeconds(1));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_check_that_hangs_ends_with_the_deadline()
    {
        var options = new HealthOptions { Deadline = TimeSpan.FromSeconds(2) };
        var waiting = new HealthGate(options, _time).WaitAsync(HangAsync, _exited.Task, Token);

        _time.Advance(options.Deadline - TimeSpan.FromMilliseconds(1));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Null(Assert.IsType<GateVerdict.TooLate>(await waiting).Last);
    }

    [Fact(Timeout = 30_000)]
    public async Task The_exit_of_the_process_ends_a_check_that_hangs()
    {
        var waiting = new HealthGate(new HealthOptions(), _time).WaitAsync(HangAsync, _exited.Task, Token);

        _exited.SetResult();

        Assert.IsType<GateVerdict.Exited>(await waiting);
    }

    [Fact(Timeout = 30_000)]
    public async Task The_exit_of_the_process_ends_the_pause_between_two_checks()
    {
        var waiting = new HealthGate(new HealthOptions(), _time).WaitAsync(_ => Task.FromResult(Fail), _exited.Task, Token);

        _exited.SetResult();

        Assert.IsType<GateVerdict.Exited>(await waiting);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_process_that_has_ended_already_is_not_asked()
    {
        _exited.SetResult();

        Assert.IsType<GateVerdict.Exited>(await RunAsync(new HealthOptions(), _ => Pass));
        Assert.Equal(0, _checks);
    }

    [Fact(Timeout = 30_000)]
    public async Task An_exit_after_the_verdict_is_nobodys_concern()
    {
        Assert.IsType<GateVerdict.Healthy>(await RunAsync(new HealthOptions(), _ => Pass));

        // Runs the continuation of the wait that has ended, here and now.
        _exited.SetResult();
    }

    [Fact(Timeout = 30_000)]
    public async Task Giving_up_is_an_exception_not_a_verdict()
    {
        using var giveUp = new CancellationTokenSource();
        var waiting = new HealthGate(new HealthOptions(), _time).WaitAsync(HangAsync, _exited.Task, giveUp.Token);

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private static async Task<ProbeResult> HangAsync(CancellationToken cancel)
    {
        await Task.Delay(Timeout.Infinite, cancel);
        return Pass;
    }

    /// <summary>
    /// Runs a gate to its verdict; the clock goes on by one pause between checks at a time, and not before the gate has had time to
    /// notice the last one.
    /// </summary>
    private async Task<GateVerdict> RunAsync(HealthOptions options, Func<int, ProbeResult> check)
    {
        var checkedAgain = new SemaphoreSlim(0);
        var waiting = new HealthGate(options, _time).WaitAsync(
            _ =>
            {
                var result = check(Interlocked.Increment(ref _checks));
                checkedAgain.Release();
                return Task.FromResult(result);
            },
            _exited.Task,
            Token);
        while (!waiting.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(15));
            await Task.WhenAny(waiting, checkedAgain.WaitAsync(TimeSpan.FromMilliseconds(50), Token));
        }

        return await waiting;
    }
}
