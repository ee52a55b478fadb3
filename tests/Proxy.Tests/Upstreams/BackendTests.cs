using BlueGreen.Proxy.Upstreams;
using Microsoft.Extensions.Time.Testing;
using static BlueGreen.Proxy.Tests.Upstreams.BackendUnderTest;

namespace BlueGreen.Proxy.Tests.Upstreams;

public sealed class BackendTests
{
    private static readonly DrainDeadlines Deadlines = new(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60));

    [Fact]
    public void Claims_are_counted_until_they_are_given_back()
    {
        using var backend = Create();

        var first = backend.Claim();
        var second = backend.Claim();
        Assert.Equal(new InFlight(2, 0, 0), backend.InFlight);

        first.Dispose();
        Assert.Equal(new InFlight(1, 0, 0), backend.InFlight);
        second.Dispose();
        Assert.Equal(default, backend.InFlight);
        Assert.Equal(BackendState.Active, backend.State);
    }

    [Fact]
    public void A_lease_given_back_twice_counts_once()
    {
        using var backend = Create();
        using var other = backend.Claim();
        var lease = backend.Claim();

        lease.Dispose();
        lease.Dispose();

        Assert.Equal(1, backend.InFlight.Total);
    }

    [Fact]
    public void Kinds_of_exchanges_are_counted_apart()
    {
        using var backend = Create();
        using var request = backend.Claim();
        var stream = backend.Claim();
        var upgraded = backend.Claim();

        stream.Become(RequestKind.Stream);
        upgraded.Become(RequestKind.Upgraded);
        Assert.Equal(new InFlight(1, 1, 1), backend.InFlight);

        stream.Become(RequestKind.Stream);
        Assert.Equal(new InFlight(1, 1, 1), backend.InFlight);

        stream.Dispose();
        upgraded.Dispose();
        Assert.Equal(new InFlight(1, 0, 0), backend.InFlight);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_draining_backend_refuses_new_leases()
    {
        using var backend = Create();
        using (backend.Claim())
        {
            backend.Retire();
            Assert.Equal(BackendState.Draining, backend.State);
            Assert.Null(backend.TryClaim());
            Assert.Equal(1, backend.InFlight.Total);
        }

        await backend.DrainAsync(Never, TestContext.Current.CancellationToken);
        Assert.Equal(BackendState.Drained, backend.State);
        Assert.Null(backend.TryClaim());
    }

    [Fact(Timeout = 30_000)]
    public async Task The_last_one_out_completes_the_drain()
    {
        using var backend = Create();
        var first = backend.Claim();
        var second = backend.Claim();
        backend.Retire();
        var drain = backend.DrainAsync(Never, TestContext.Current.CancellationToken);

        first.Dispose();
        Assert.Equal(BackendState.Draining, backend.State);
        Assert.False(drain.IsCompleted);

        second.Dispose();
        var result = await drain;
        Assert.Equal((2, 0), (result.Drained, result.Cut));
    }

    [Fact(Timeout = 30_000)]
    public async Task The_drain_of_an_idle_backend_completes_at_once()
    {
        using var backend = Create();

        backend.Retire();

        Assert.Equal(BackendState.Drained, backend.State);
        var drain = backend.DrainAsync(Deadlines, TestContext.Current.CancellationToken);
        Assert.True(drain.IsCompletedSuccessfully);
        Assert.Equal((0, 0), ((await drain).Drained, (await drain).Cut));
    }

    [Fact(Timeout = 30_000)]
    public async Task Draining_before_the_retirement_is_refused()
    {
        using var backend = Create();

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(
            () => backend.DrainAsync(Never, TestContext.Current.CancellationToken));

        Assert.Contains("web.1.1", refusal.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task Each_kind_is_cut_at_its_own_deadline()
    {
        var time = new FakeTimeProvider();
        using var backend = Create(time);
        var finished = backend.Claim();
        var request = backend.Claim();
        var stream = backend.Claim();
        var upgraded = backend.Claim();
        stream.Become(RequestKind.Stream);
        upgraded.Become(RequestKind.Upgraded);
        backend.Retire();
        var drain = backend.DrainAsync(Deadlines, TestContext.Current.CancellationToken);
        finished.Dispose();

        time.Advance(TimeSpan.FromSeconds(29.9));
        Assert.False(request.WasCut);
        time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(request.WasCut);
        Assert.True(request.Cut.IsCancellationRequested);
        Assert.False(stream.WasCut);
        Assert.False(upgraded.WasCut);
        request.Dispose();

        time.Advance(TimeSpan.FromSeconds(30));
        Assert.True(stream.WasCut);
        Assert.True(upgraded.WasCut);
        Assert.False(drain.IsCompleted);
        stream.Dispose();
        upgraded.Dispose();

        Assert.Equal(new DrainResult(Drained: 1, Cut: 3, TimeSpan.FromSeconds(60)), await drain);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_request_that_becomes_a_stream_while_draining_gets_the_deadline_of_streams()
    {
        var time = new FakeTimeProvider();
        using var backend = Create(time);
        var lease = backend.Claim();
        backend.Retire();
        var drain = backend.DrainAsync(Deadlines, TestContext.Current.CancellationToken);

        time.Advance(TimeSpan.FromSeconds(20));
        lease.Become(RequestKind.Stream);
        time.Advance(TimeSpan.FromSeconds(20));
        Assert.False(lease.WasCut);

        lease.Dispose();
        Assert.Equal((1, 0), ((await drain).Drained, (await drain).Cut));
    }

    [Fact]
    public void An_exchange_that_turns_into_a_kind_whose_deadline_has_passed_is_cut_at_once()
    {
        var time = new FakeTimeProvider();
        using var backend = Create(time);
        var lease = backend.Claim();
        backend.Retire();
        _ = backend.DrainAsync(new DrainDeadlines(TimeSpan.FromSeconds(60), TimeSpan.Zero), TestContext.Current.CancellationToken);

        lease.Become(RequestKind.Upgraded);

        Assert.True(lease.WasCut);
        lease.Dispose();
    }

    [Fact(Timeout = 30_000)]
    public async Task Hurry_cuts_all_kinds()
    {
        using var backend = Create();
        RequestLease[] leases = [backend.Claim(), backend.Claim(), backend.Claim()];
        leases[1].Become(RequestKind.Stream);
        leases[2].Become(RequestKind.Upgraded);
        backend.Retire();
        using var hurry = new CancellationTokenSource();
        var drain = backend.DrainAsync(Never, hurry.Token);
        Assert.DoesNotContain(leases, lease => lease.WasCut);

        await hurry.CancelAsync();

        Assert.All(leases, lease => Assert.True(lease.WasCut));
        Array.ForEach(leases, lease => lease.Dispose());
        Assert.Equal((0, 3), ((await drain).Drained, (await drain).Cut));
    }

    [Fact(Timeout = 30_000)]
    public async Task An_idle_backend_has_nothing_to_cut_at_a_deadline_of_zero()
    {
        using var backend = Create();
        backend.Retire();

        var result = await backend.DrainAsync(
            new DrainDeadlines(TimeSpan.Zero, TimeSpan.Zero), TestContext.Current.CancellationToken);

        Assert.Equal((0, 0), (result.Drained, result.Cut));
    }

    [Fact]
    public void Drains_combine_to_the_sum_of_counts_and_the_longest_duration()
    {
        var all = DrainResult.Combine(
            [new DrainResult(1, 2, TimeSpan.FromSeconds(3)), new DrainResult(10, 20, TimeSpan.FromSeconds(1))]);

        Assert.Equal(new DrainResult(11, 22, TimeSpan.FromSeconds(3)), all);
        Assert.Equal(default, DrainResult.Combine([]));
    }
}
