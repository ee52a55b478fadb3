using BlueGreen.Agent.Deployments;
using Microsoft.Extensions.Time.Testing;

namespace BlueGreen.Agent.Tests.Deployments;

public sealed class RestartBackoffTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RestartBackoff _backoff;

    public RestartBackoffTests() => _backoff = new RestartBackoff(_time);

    [Fact]
    public void Each_pause_is_half_as_long_again_as_the_one_before()
    {
        double[] seconds = [.. Enumerable.Range(0, 4).Select(_ => _backoff.Next().TotalSeconds)];

        Assert.Equal([0.1, 0.15, 0.225, 0.3375], seconds);
    }

    [Fact]
    public void No_pause_is_longer_than_30_seconds()
    {
        TimeSpan[] pauses = [.. Enumerable.Range(0, 40).Select(_ => _backoff.Next())];

        Assert.Equal(TimeSpan.FromSeconds(30), pauses.Max());
        Assert.Equal(TimeSpan.FromSeconds(30), pauses[^1]);
    }

    [Theory]
    [InlineData(59, 0.15)]
    [InlineData(60, 0.1)]
    public void A_healthy_minute_begins_it_anew(int healthySeconds, double next)
    {
        _backoff.Next();

        _backoff.BecameHealthy();
        _time.Advance(TimeSpan.FromSeconds(healthySeconds));

        Assert.Equal(next, _backoff.Next().TotalSeconds);
    }

    [Fact]
    public void Time_that_passes_without_a_healthy_worker_changes_nothing()
    {
        _backoff.Next();

        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(0.15, _backoff.Next().TotalSeconds);
    }
}
