using BlueGreen.Proxy.Upstreams;
using static BlueGreen.Proxy.Tests.Upstreams.BackendUnderTest;

namespace BlueGreen.Proxy.Tests.Upstreams;

public sealed class UpstreamTests
{
    [Fact(Timeout = 30_000)]
    public async Task Before_the_first_switch_a_request_is_refused()
    {
        var upstream = new Upstream("web", TimeProvider.System);

        var result = await upstream.AcquireAsync(TestContext.Current.CancellationToken);

        Assert.Equal(new AcquireResult(null, AcquireFailure.NoBackend), result);
    }

    [Fact(Timeout = 30_000)]
    public async Task After_a_switch_new_requests_get_the_new_backend_and_the_old_ones_keep_theirs()
    {
        using var blue = Create(id: "blue");
        using var green = Create(id: "green");
        var upstream = Behind(blue);
        var before = await upstream.LeaseAsync();

        Assert.Equal([blue], upstream.Switch([green]));

        using var after = await upstream.LeaseAsync();
        Assert.Same(blue, before.Backend);
        Assert.Same(green, after.Backend);
        Assert.Equal(BackendState.Draining, blue.State);
        before.Dispose();
        Assert.Equal(BackendState.Drained, blue.State);
        Assert.Equal(BackendState.Active, green.State);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_backend_that_stays_in_the_split_is_not_retired()
    {
        using var stays = Create(id: "stays");
        using var leaves = Create(id: "leaves");
        using var joins = Create(id: "joins");
        var upstream = Behind(stays, leaves);

        Assert.Equal([leaves], upstream.Switch([stays, joins]));

        Assert.Equal(BackendState.Active, stays.State);
        using var first = await upstream.LeaseAsync();
        using var second = await upstream.LeaseAsync();
        Assert.Equal(["joins", "stays"], new[] { first.Backend.Id, second.Backend.Id }.Order());
    }

    [Fact(Timeout = 30_000)]
    public async Task A_switch_to_nothing_retires_all_and_refuses_requests()
    {
        using var first = Create();
        using var second = Create();
        var upstream = Behind(first, second);

        Assert.Equal([first, second], upstream.Switch([]));

        Assert.Equal(AcquireFailure.NoBackend, (await upstream.AcquireAsync(TestContext.Current.CancellationToken)).Failure);
        Assert.Empty(upstream.Split.Backends);
        Assert.Empty(upstream.Switch([]));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_switch_to_a_retired_backend_is_refused_and_changes_nothing()
    {
        using var retired = Create(id: "retired");
        using var active = Create(id: "active");
        var upstream = Behind(retired);
        upstream.Switch([active]);

        var refusal = Assert.Throws<InvalidOperationException>(() => upstream.Switch([retired]));

        Assert.Contains("retired", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(BackendState.Active, active.State);
        using var lease = await upstream.LeaseAsync();
        Assert.Same(active, lease.Backend);
    }
}
