using BlueGreen.Proxy.Upstreams;
using Microsoft.Extensions.Time.Testing;
using static BlueGreen.Proxy.Tests.Upstreams.BackendUnderTest;

namespace BlueGreen.Proxy.Tests.Upstreams;

public sealed class HoldTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Upstream _upstream;

    public HoldTests() => _upstream = new Upstream("web", _time);

    [Fact(Timeout = 30_000)]
    public async Task Held_requests_wait_and_go_through_at_the_switch()
    {
        _upstream.BeginHold(HoldOptions.Default);
        var held = Enumerable.Range(0, 5).Select(_ => AcquireAsync()).ToArray();
        Assert.Equal(5, _upstream.Held);
        Assert.DoesNotContain(held, request => request.IsCompleted);

        using var backend = Create();
        _upstream.Switch([backend]);

        var results = await Task.WhenAll(held);
        Assert.All(results, result => Assert.Same(backend, result.Lease!.Backend));
        Assert.Equal(5, backend.InFlight.Total);
        Assert.Equal(0, _upstream.Held);
    }

    [Fact(Timeout = 30_000)]
    public async Task Requests_beyond_the_limit_are_refused_at_once()
    {
        _upstream.BeginHold(new HoldOptions(Limit: 2, TimeSpan.FromSeconds(10)));
        var first = AcquireAsync();
        var second = AcquireAsync();

        Assert.Equal(AcquireFailure.HoldFull, (await AcquireAsync()).Failure);

        Assert.Equal(2, _upstream.Held);
        using var backend = Create();
        _upstream.Switch([backend]);
        Assert.NotNull((await first).Lease);
        Assert.NotNull((await second).Lease);
    }

    [Fact(Timeout = 30_000)]
    public async Task Each_request_waits_no_longer_than_it_may()
    {
        _upstream.BeginHold(new HoldOptions(Limit: 10, TimeSpan.FromSeconds(10)));
        var early = AcquireAsync();
        _time.Advance(TimeSpan.FromSeconds(6));
        var late = AcquireAsync();

        _time.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal(AcquireFailure.HoldTimedOut, (await early).Failure);
        Assert.False(late.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(AcquireFailure.HoldTimedOut, (await late).Failure);
        Assert.Equal(0, _upstream.Held);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_client_that_goes_away_leaves_the_hold()
    {
        _upstream.BeginHold(HoldOptions.Default);
        using var gone = new CancellationTokenSource();
        var held = _upstream.AcquireAsync(gone.Token).AsTask();

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => held);
        Assert.Equal(0, _upstream.Held);
    }

    [Fact(Timeout = 30_000)]
    public async Task The_end_of_a_hold_without_a_switch_refuses_those_that_wait()
    {
        _upstream.BeginHold(HoldOptions.Default);
        var held = AcquireAsync();

        _upstream.EndHold();

        Assert.Equal(AcquireFailure.NoBackend, (await held).Failure);
        Assert.Equal(AcquireFailure.NoBackend, (await AcquireAsync()).Failure);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_hold_while_there_is_a_backend_changes_nothing()
    {
        using var backend = Create();
        _upstream.Switch([backend]);

        _upstream.BeginHold(HoldOptions.Default);

        Assert.NotNull((await AcquireAsync()).Lease);
        _upstream.Switch([]);
        Assert.Equal(AcquireFailure.NoBackend, (await AcquireAsync()).Failure);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_switch_to_nothing_leaves_held_requests_waiting()
    {
        _upstream.BeginHold(HoldOptions.Default);
        var held = AcquireAsync();

        _upstream.Switch([]);

        Assert.False(held.IsCompleted);
        Assert.Equal(1, _upstream.Held);
        _upstream.EndHold();
        Assert.Equal(AcquireFailure.NoBackend, (await held).Failure);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_hold_in_force_stays_as_it_is()
    {
        _upstream.BeginHold(new HoldOptions(Limit: 1, TimeSpan.FromSeconds(10)));
        var held = AcquireAsync();

        _upstream.BeginHold(new HoldOptions(Limit: 100, TimeSpan.FromSeconds(10)));

        Assert.Equal(AcquireFailure.HoldFull, (await AcquireAsync()).Failure);
        _upstream.EndHold();
        await held;
    }

    [Fact(Timeout = 60_000)]
    public async Task No_request_is_lost_between_a_hold_and_the_switch_that_ends_it()
    {
        for (var round = 0; round < 500; round++)
        {
            using var backend = Create();
            var upstream = new Upstream("web", TimeProvider.System);
            upstream.BeginHold(new HoldOptions(Limit: 100, TimeSpan.FromSeconds(20)));

            var requests = Enumerable.Range(0, 4).Select(_ => Task.Run(upstream.LeaseAsync)).ToArray();
            upstream.Switch([backend]);

            Array.ForEach(await Task.WhenAll(requests), lease => lease.Dispose());
            Assert.Equal(0, backend.InFlight.Total);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task No_request_is_refused_while_the_last_backend_leaves_and_the_hold_begins_in_one_step()
    {
        for (var round = 0; round < 500; round++)
        {
            using var leaving = Create();
            using var next = Create();
            var upstream = new Upstream("web", TimeProvider.System);
            upstream.Switch([leaving]);

            var requests = Enumerable.Range(0, 4).Select(_ => Task.Run(upstream.LeaseAsync)).ToArray();
            upstream.Switch([], new HoldOptions(Limit: 100, TimeSpan.FromSeconds(20)));
            upstream.Switch([next]);

            Array.ForEach(await Task.WhenAll(requests), lease => lease.Dispose());
        }
    }

    private Task<AcquireResult> AcquireAsync() => _upstream.AcquireAsync(TestContext.Current.CancellationToken).AsTask();
}
