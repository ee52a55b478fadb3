using BlueGreen.Proxy.Upstreams;
using Microsoft.Extensions.Time.Testing;
using static BlueGreen.Proxy.Tests.Upstreams.BackendUnderTest;

namespace BlueGreen.Proxy.Tests.Upstreams;

public sealed class SlowStartTests : IDisposable
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private readonly Backend _old = Create(id: "old");
    private readonly Backend _new = Create(id: "new");
    private readonly Upstream _upstream = new("web", TimeProvider.System);
    private readonly SlowStart _slowStart;

    public SlowStartTests() => _slowStart = new SlowStart(Length, _time);

    public void Dispose()
    {
        _old.Dispose();
        _new.Dispose();
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.1, 0.01)]
    [InlineData(2.5, 0.25)]
    [InlineData(9.9, 0.99)]
    [InlineData(10, 1)]
    [InlineData(1000, 1)]
    public void The_share_grows_evenly_until_it_is_the_whole(double seconds, double share)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Equal(share, _slowStart.Share, precision: 6);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0.1, 9, 11)]
    [InlineData(1, 99, 101)]
    [InlineData(5, 499, 501)]
    [InlineData(9, 899, 901)]
    [InlineData(10, 1000, 1000)]
    public void So_many_of_a_thousand_requests_go_to_the_newcomers(double seconds, int least, int most)
    {
        _upstream.Share([_old], [_new], _slowStart);
        _time.Advance(TimeSpan.FromSeconds(seconds));

        Assert.InRange(Enumerable.Range(0, 1000).Count(_ => _upstream.Split.Choose() == _new), least, most);
    }

    [Fact]
    public void A_few_requests_in_a_row_are_shared_as_many_are()
    {
        _upstream.Share([_old], [_new], _slowStart);
        _time.Advance(Length / 4);

        for (var run = 0; run < 50; run++)
        {
            Assert.InRange(Enumerable.Range(0, 20).Count(_ => _upstream.Split.Choose() == _new), 4, 6);
        }
    }

    [Fact]
    public void Within_each_group_the_least_busy_is_chosen()
    {
        using var other = Create(id: "other");
        using var lease = _new.Claim();
        _upstream.Share([_old], [_new, other], _slowStart);
        _time.Advance(Length);

        Assert.All(Enumerable.Range(0, 10), _ => Assert.Same(other, _upstream.Split.Choose()));
    }

    [Fact(Timeout = 10_000)]
    public async Task Requests_claim_newcomers_and_old_ones_alike_and_the_switch_drains_only_the_old()
    {
        _upstream.Switch([_old]);
        Assert.Empty(_upstream.Share([_old], [_new], _slowStart));
        using var first = await _upstream.LeaseAsync();
        Assert.Same(_old, first.Backend);
        _time.Advance(Length);
        using var second = await _upstream.LeaseAsync();
        Assert.Same(_new, second.Backend);

        Assert.Equal([_old], _upstream.Switch([_new]));

        Assert.Equal((BackendState.Draining, BackendState.Active), (_old.State, _new.State));
        using var third = await _upstream.LeaseAsync();
        Assert.Same(_new, third.Backend);
    }

    [Fact(Timeout = 10_000)]
    public async Task Newcomers_that_are_taken_away_again_finish_what_they_have()
    {
        _upstream.Share([_old], [_new], _slowStart);
        _time.Advance(Length);
        var held = await _upstream.LeaseAsync();

        Assert.Equal([_new], _upstream.Switch([_old]));

        var drain = _new.DrainAsync(Never, TestContext.Current.CancellationToken);
        Assert.Same(_old, (await _upstream.LeaseAsync()).Backend);
        Assert.False(drain.IsCompleted);
        held.Dispose();
        Assert.Equal((1, 0), ((await drain).Drained, (await drain).Cut));
    }

    [Fact]
    public void Where_one_group_is_empty_the_other_has_all()
    {
        _upstream.Share([_old], [], _slowStart);
        _time.Advance(Length);
        Assert.Same(_old, _upstream.Split.Choose());

        using var alone = Create(id: "alone");
        _upstream.Share([], [alone], new SlowStart(Length, _time));
        Assert.Same(alone, _upstream.Split.Choose());
    }

    [Fact(Timeout = 10_000)]
    public async Task A_request_whose_newcomer_fails_it_goes_to_an_old_one()
    {
        _upstream.Share([_old], [_new], _slowStart);
        _time.Advance(Length);
        var search = _upstream.BeginSearch();
        search.NoteUnreachable(_new);

        var (lease, _) = await _upstream.AcquireAgainAsync(search, TestContext.Current.CancellationToken);

        Assert.Same(_old, lease!.Backend);
        lease.Dispose();
    }

    [Fact]
    public void A_backend_that_was_retired_is_no_newcomer()
    {
        _upstream.Switch([_new]);
        _upstream.Switch([_old]);

        Assert.Throws<InvalidOperationException>(() => _upstream.Share([_old], [_new], _slowStart));

        Assert.Equal([_old], _upstream.Split.Backends);
    }

    [Fact(Timeout = 30_000)]
    public async Task No_claim_is_lost_while_newcomers_come_and_go()
    {
        _upstream.Switch([_old]);
        using var stop = new CancellationTokenSource();
        var claiming = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            var count = 0;
            for (; !stop.IsCancellationRequested; count++)
            {
                (await _upstream.LeaseAsync()).Dispose();
            }

            return count;
        })).ToArray();
        for (var round = 0; round < 2000; round++)
        {
            using var newcomer = Create();
            _upstream.Share([_old], [newcomer], new SlowStart(TimeSpan.FromTicks(1), TimeProvider.System));
            await Task.Yield();
            _upstream.Switch([_old]);
            await newcomer.DrainAsync(Never, TestContext.Current.CancellationToken);
        }

        await stop.CancelAsync();

        Assert.All(await Task.WhenAll(claiming), count => Assert.True(count > 0));
        Assert.Equal(0, _old.InFlight.Total);
    }
}
