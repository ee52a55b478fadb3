using BlueGreen.Agent.Hosting.Systemd;
using Microsoft.Extensions.Time.Testing;

namespace BlueGreen.Agent.Tests.Hosting.Systemd;

public sealed class WatchdogTests : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(40);

    private readonly FakeNotifier _told = new();
    private readonly FakeTimeProvider _time = new();
    private readonly CapturedLog<Watchdog> _log = new();
    private readonly CancellationTokenSource _end = new();
    private Func<Task<string?>> _check = () => Task.FromResult<string?>(null);
    private Task _running = Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _end.Dispose();
    }

    [Fact(Timeout = 30_000)]
    public void A_front_that_works_is_pinged_for_at_half_the_interval()
    {
        Run();
        Assert.Equal(["WATCHDOG=1"], _told.Take());

        _time.Advance(Interval / 2 - TimeSpan.FromTicks(1));
        Assert.Empty(_told.Messages);
        _time.Advance(TimeSpan.FromTicks(1));
        _time.Advance(Interval / 2);

        Assert.Equal(["WATCHDOG=1", "WATCHDOG=1"], _told.Messages);
        Assert.Empty(_log.Lines);
    }

    [Fact(Timeout = 30_000)]
    public void A_front_that_does_not_work_is_not_pinged_for_and_the_log_says_what_does_not()
    {
        Run();
        _told.Take();
        _check = () => Task.FromResult<string?>("http://127.0.0.1:8080 does not answer");

        _time.Advance(Interval / 2);
        _time.Advance(Interval / 8);

        Assert.Empty(_told.Messages);
        Assert.Equal(2, _log.Lines.Count);
        Assert.All(_log.Lines, line => Assert.EndsWith(": http://127.0.0.1:8080 does not answer", line, StringComparison.Ordinal));
    }

    [Fact(Timeout = 30_000)]
    public void A_hiccup_is_followed_by_another_try_before_the_time_is_up()
    {
        Run();
        _told.Take();
        _check = () => Task.FromResult<string?>("the control socket has not answered");
        _time.Advance(Interval / 2);
        _check = () => Task.FromResult<string?>(null);

        _time.Advance(Interval / 8);

        Assert.Equal(["WATCHDOG=1"], _told.Messages);
        Assert.Equal("Information: The watchdog is content again", _log.Lines.Last());
    }

    [Fact(Timeout = 30_000)]
    public void A_check_that_breaks_has_not_passed()
    {
        _check = () => Task.FromException<string?>(new InvalidOperationException("a bug"));

        Run();

        Assert.Empty(_told.Messages);
        Assert.EndsWith(": a bug", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_check_cut_by_the_end_is_no_failure()
    {
        var hanging = new TaskCompletionSource<string?>();
        _check = () => hanging.Task;
        Run();

        await _end.CancelAsync();
        hanging.SetResult("cancelled");
        await _running;

        Assert.Empty(_told.Messages);
        Assert.Empty(_log.Lines);
    }

    private void Run() =>
        _running = new Watchdog(Interval, _ => _check(), new ServiceNotifier(_told, _log), _log, _time).RunAsync(_end.Token);
}
