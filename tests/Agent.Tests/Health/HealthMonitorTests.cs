using BlueGreen.Agent.Health;
using Microsoft.Extensions.Time.Testing;

namespace BlueGreen.Agent.Tests.Health;

public sealed class HealthMonitorTests
{
    private readonly PacedTime _time = new();
    private readonly List<(int Check, bool Healthy, string Last)> _changes = [];
    private HealthOptions _options = new() { Interval = TimeSpan.FromSeconds(1), Failures = 3, Passes = 2 };

    [Theory(Timeout = 30_000)]
    [InlineData("+++++", "")]
    [InlineData("--+--+", "")]
    [InlineData("+---", "4 unhealthy")]
    [InlineData("------", "3 unhealthy")]
    [InlineData("---+-++", "3 unhealthy, 7 healthy")]
    [InlineData("---++---", "3 unhealthy, 5 healthy, 8 unhealthy")]
    public async Task So_many_failures_in_a_row_make_a_worker_unhealthy_and_so_many_passes_healthy_again(string checks, string changes)
    {
        await WatchAsync(checks);

        Assert.Equal(changes, string.Join(", ", _changes.Select(change => $"{change.Check} {(change.Healthy ? "healthy" : "unhealthy")}")));
        Assert.All(_changes, change => Assert.Equal($"check {change.Check}", change.Last));
    }

    [Fact(Timeout = 30_000)]
    public async Task The_options_in_force_at_each_check_count()
    {
        await WatchAsync("----", check => _options = check == 2 ? _options with { Failures = 4 } : _options);

        Assert.Equal(4, Assert.Single(_changes).Check);
    }

    [Fact(Timeout = 30_000)]
    public async Task Checks_are_an_interval_apart()
    {
        var begun = _time.GetUtcNow();

        await WatchAsync("+++++");

        Assert.Equal(TimeSpan.FromSeconds(5), _time.GetUtcNow() - begun);
    }

    /// <summary>Watches through as many checks as there are signs, + for a pass; the clock goes on once the monitor waits for it.</summary>
    private async Task WatchAsync(string checks, Action<int>? before = null)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var count = 0;
        var watching = new HealthMonitor(() => _options, _time).WatchAsync(
            async cancel =>
            {
                count++;
                before?.Invoke(count);
                if (count == checks.Length)
                {
                    await over.CancelAsync();
                }

                return new ProbeResult(checks[count - 1] == '+', $"check {count}");
            },
            (healthy, last) => _changes.Add((count, healthy, last.Description)),
            over.Token);
        foreach (var _ in checks)
        {
            await _time.AdvanceAsync(TimeSpan.FromSeconds(1));
        }

        await watching;
    }

    /// <summary>A clock that goes on only when somebody waits for it.</summary>
    private sealed class PacedTime : FakeTimeProvider
    {
        private readonly SemaphoreSlim _awaited = new(0);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            _awaited.Release();
            return timer;
        }

        public async Task AdvanceAsync(TimeSpan by)
        {
            await _awaited.WaitAsync(TestContext.Current.CancellationToken);
            Advance(by);
        }
    }
}
