using BlueGreen.Agent.Control.Contracts;
using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Releases.Fetching;
using Microsoft.Extensions.Time.Testing;

namespace BlueGreen.Agent.Tests.Deployments;

public sealed class DeploymentEventsTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly Deployment _deployment;

    public DeploymentEventsTests() => _deployment = new Deployment("web", new DeploymentRequest.Deploy(new SourceAddress.Local("/srv/v2"), null, null), _time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 30_000)]
    public async Task A_reader_that_joins_late_gets_all_events()
    {
        RunToTheEnd();

        Assert.Equal(
            ["fetching", "preparing", "starting", "probing", "switched", "draining", "completed"],
            await NamesAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task Many_readers_get_the_same_events_as_they_happen()
    {
        var readers = Enumerable.Range(0, 10).Select(_ => Task.Run(NamesAsync, Token)).ToArray();
        await using var watching = _deployment.ReadEventsAsync(Token).GetAsyncEnumerator(Token);
        var first = watching.MoveNextAsync();
        Assert.False(first.IsCompleted);

        RunToTheEnd();

        Assert.True(await first);
        Assert.Equal("fetching", watching.Current.Event);
        Assert.All(await Task.WhenAll(readers), names => Assert.Equal(7, names.Count));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_failure_ends_the_events()
    {
        _deployment.Advance(DeploymentState.Fetching);
        _deployment.Advance(DeploymentState.Failed, told => told with { Reason = "no" });

        Assert.Equal(["fetching", "failed"], await NamesAsync());
        Assert.True(_deployment.IsOver);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_reader_that_gives_up_stops_waiting()
    {
        using var giveUp = new CancellationTokenSource();
        var reading = _deployment.ReadEventsAsync(giveUp.Token).ToListAsync(Token).AsTask();

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public void An_event_carries_what_is_known_when_it_happens()
    {
        _time.Advance(TimeSpan.FromMilliseconds(120));
        var fetching = _deployment.Advance(DeploymentState.Fetching, told => told with { Source = "/srv/v2" });
        _deployment.Advance(DeploymentState.Preparing);
        _deployment.Concerns(StoredRelease.Numbered(7) with { Label = "v2" });
        _time.Advance(TimeSpan.FromMilliseconds(30));
        var starting = _deployment.Advance(DeploymentState.Starting);

        Assert.Equal(new DeploymentEvent
        {
            Event = "fetching",
            App = "web",
            Kind = "deploy",
            At = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 120, TimeSpan.Zero),
            ElapsedMs = 120,
            Source = "/srv/v2",
            Id = _deployment.Id,
        }, fetching);
        Assert.Equal((7, "v2", 150L), (starting.Release, starting.Label, starting.ElapsedMs));
    }

    [Fact]
    public void A_step_that_is_not_in_the_table_tells_nobody()
    {
        Assert.Throws<InvalidOperationException>(() => _deployment.Advance(DeploymentState.Completed));

        Assert.Equal(DeploymentState.Accepted, _deployment.State);
        Assert.Equal("fetching", _deployment.Advance(DeploymentState.Fetching).Event);
    }

    [Fact]
    public void It_describes_itself_for_whoever_has_to_wait_for_it()
    {
        _deployment.Advance(DeploymentState.Fetching);
        Assert.Equal("deploy of /srv/v2 (fetching, running for 0.0 s, since 2026-01-02 03:04:05Z)", _deployment.Description);

        _deployment.Concerns(StoredRelease.Numbered(7) with { Label = "v2" });
        _time.Advance(TimeSpan.FromSeconds(2.1));
        Assert.Equal("deploy of /srv/v2 (release 7, fetching, running for 2.1 s, since 2026-01-02 03:04:05Z)", _deployment.Description);
    }

    private void RunToTheEnd()
    {
        foreach (var state in new[]
        {
            DeploymentState.Fetching, DeploymentState.Preparing, DeploymentState.Starting, DeploymentState.Probing, DeploymentState.Switched,
            DeploymentState.Draining, DeploymentState.Completed,
        })
        {
            _deployment.Advance(state);
        }
    }

    private async Task<List<string>> NamesAsync() =>
        await _deployment.ReadEventsAsync(Token).Select(told => told.Event).ToListAsync(Token);
}
