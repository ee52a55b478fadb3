using BlueGreen.Proxy.Upstreams;
using static BlueGreen.Proxy.Tests.Upstreams.BackendUnderTest;

namespace BlueGreen.Proxy.Tests.Upstreams;

public sealed class TrafficSplitTests
{
    [Fact]
    public void An_empty_split_has_no_backend_to_choose() => Assert.Null(TrafficSplit.Empty.Choose());

    [Fact]
    public void Idle_backends_take_turns()
    {
        using var a = Create(id: "a");
        using var b = Create(id: "b");
        using var c = Create(id: "c");

        Assert.Equal(["a", "b", "c", "a", "b", "c"], Choices(new TrafficSplit([a, b, c]), 6));
    }

    [Fact]
    public void The_least_busy_backend_is_chosen_whoever_has_the_turn()
    {
        using var idle = Create(id: "idle");
        using var busy = Create(id: "busy");
        using var lease = busy.Claim();

        Assert.Equal(["idle", "idle", "idle"], Choices(new TrafficSplit([busy, idle]), 3));
    }

    [Fact]
    public void Among_busy_backends_the_least_busy_is_chosen()
    {
        using var one = Create(id: "one");
        using var two = Create(id: "two");
        using var first = one.Claim();
        using var second = two.Claim();
        using var third = two.Claim();

        Assert.Equal(["one", "one", "one"], Choices(new TrafficSplit([two, one]), 3));
    }

    [Fact]
    public void Equally_idle_backends_share_alike_beside_a_busy_one()
    {
        using var busy = Create(id: "busy");
        using var a = Create(id: "a");
        using var b = Create(id: "b");
        using var lease = busy.Claim();

        var choices = Choices(new TrafficSplit([busy, a, b]), 60);

        Assert.Equal(30, choices.Count(id => id == "a"));
        Assert.Equal(30, choices.Count(id => id == "b"));
    }

    [Fact]
    public void Equally_busy_backends_take_turns()
    {
        using var a = Create(id: "a");
        using var b = Create(id: "b");
        using var first = a.Claim();
        using var second = b.Claim();

        Assert.Equal(["a", "b", "a", "b"], Choices(new TrafficSplit([a, b]), 4));
    }

    private static string[] Choices(TrafficSplit split, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => split.Choose()!.Id)];
}
