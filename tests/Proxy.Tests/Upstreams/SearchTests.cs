using BlueGreen.Proxy.Upstreams;
using Microsoft.Extensions.Time.Testing;
using static BlueGreen.Proxy.Tests.Upstreams.BackendUnderTest;

namespace BlueGreen.Proxy.Tests.Upstreams;

public sealed class SearchTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Upstream _upstream;

    public SearchTests() => _upstream = new Upstream("web", _time);

    [Fact]
    public void Backends_that_failed_the_request_come_last()
    {
        using var first = Create();
        using var second = Create();
        using var third = Create();
        var split = new TrafficSplit([first, second, third]);
        var search = _upstream.BeginSearch();

        search.NoteUnreachable(first);
        Assert.True(search.TryAgainAfterBroken(second));
        Assert.Same(third, search.Choose(split));
        search.NoteUnreachable(third);
        Assert.Same(second, search.Choose(split));
        search.NoteUnreachable(second);
        Assert.Null(search.Choose(split));
        search.StartOver();
        Assert.NotNull(search.Choose(split));
    }

    [Fact]
    public void A_worker_that_ends_may_break_four_connections_and_no_second_worker_one()
    {
        using var first = Create();
        using var second = Create();

        var search = _upstream.BeginSearch();
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => search.TryAgainAfterBroken(first)));
        var other = _upstream.BeginSearch();
        Assert.True(other.TryAgainAfterBroken(first));
        Assert.False(other.TryAgainAfterBroken(second));
    }

    [Fact]
    public void What_deadlines_cut_is_tried_three_times_more_wherever_it_was()
    {
        using var backend = Create();
        var search = _upstream.BeginSearch();

        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => search.TryAgainAfterCut()));
        Assert.False(search.TryAgainAfterBroken(backend));
    }

    [Fact]
    public void Pauses_grow_and_end_with_the_time_a_request_may_wait()
    {
        var search = _upstream.BeginSearch();
        var pauses = new List<double>();

        while (search.NextPause(TimeSpan.FromSeconds(1)) is { } pause)
        {
            pauses.Add(pause.TotalMilliseconds);
            _time.Advance(pause);
        }

        Assert.Equal([20, 40, 80, 160, 250, 250, 200], pauses);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_request_that_all_refused_waits_for_the_next_snapshot()
    {
        using var dead = Create();
        using var next = Create();
        _upstream.Switch([dead]);
        var search = _upstream.BeginSearch();
        search.NoteUnreachable(dead);

        var again = AcquireAgainAsync(search);
        Assert.Equal(1, _upstream.Held);
        _upstream.Switch([next]);

        using var lease = (await again).Lease!;
        Assert.Same(next, lease.Backend);
        Assert.Equal(1, _upstream.Resent);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_request_that_all_refused_tries_the_same_again_after_a_pause()
    {
        using var full = Create();
        _upstream.Switch([full]);
        var search = _upstream.BeginSearch();
        search.NoteUnreachable(full);
        var again = AcquireAgainAsync(search);

        _time.Advance(TimeSpan.FromMilliseconds(20));

        using var lease = (await again).Lease!;
        Assert.Same(full, lease.Backend);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_request_whose_last_backend_left_is_refused_where_there_is_no_hold()
    {
        using var dead = Create();
        _upstream.Switch([dead]);
        var search = _upstream.BeginSearch();
        search.NoteUnreachable(dead);
        var again = AcquireAgainAsync(search);

        _upstream.Switch([]);

        Assert.Equal(AcquireFailure.NoBackend, (await again).Failure);
        Assert.Equal(0, _upstream.Resent);
    }

    [Fact(Timeout = 30_000)]
    public async Task New_bounds_let_those_that_wait_try_again_and_apply_from_then_on()
    {
        using var dead = Create();
        _upstream.Switch([dead]);
        var search = _upstream.BeginSearch();
        search.NoteUnreachable(dead);
        var again = AcquireAgainAsync(search);

        _upstream.HoldOptions = new HoldOptions(Limit: 0, TimeSpan.FromSeconds(10));

        (await again).Lease!.Dispose();
        search.NoteUnreachable(dead);
        Assert.Equal(AcquireFailure.HoldFull, (await AcquireAgainAsync(search)).Failure);
        _upstream.HoldOptions = new HoldOptions(Limit: 1, TimeSpan.Zero);
        Assert.Equal(AcquireFailure.HoldTimedOut, (await AcquireAgainAsync(search)).Failure);
    }

    private Task<AcquireResult> AcquireAgainAsync(Search search) =>
        _upstream.AcquireAgainAsync(search, TestContext.Current.CancellationToken).AsTask();
}
