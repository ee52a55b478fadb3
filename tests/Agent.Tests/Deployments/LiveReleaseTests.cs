using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Tests.Workers;
using Microsoft.Extensions.Time.Testing;

namespace BlueGreen.Agent.Tests.Deployments;

public sealed class LiveReleaseTests
{
    private static readonly Dictionary<ReleaseRole, ReleaseRole[]> Expected = new()
    {
        [ReleaseRole.Candidate] = [ReleaseRole.Active, ReleaseRole.Retired],
        [ReleaseRole.Active] = [ReleaseRole.Draining],
        [ReleaseRole.Draining] = [ReleaseRole.Standby, ReleaseRole.Candidate, ReleaseRole.Retired],
        [ReleaseRole.Standby] = [ReleaseRole.Candidate, ReleaseRole.Retired],
        [ReleaseRole.Retired] = [],
    };

    /// <summary>A way to each role.</summary>
    private static readonly Dictionary<ReleaseRole, ReleaseRole[]> Way = new()
    {
        [ReleaseRole.Candidate] = [],
        [ReleaseRole.Active] = [ReleaseRole.Active],
        [ReleaseRole.Draining] = [ReleaseRole.Active, ReleaseRole.Draining],
        [ReleaseRole.Standby] = [ReleaseRole.Active, ReleaseRole.Draining, ReleaseRole.Standby],
        [ReleaseRole.Retired] = [ReleaseRole.Retired],
    };

    private readonly FakeTimeProvider _time = new();

    public static MatrixTheoryData<string, string> Steps => new(Enum.GetNames<ReleaseRole>(), Enum.GetNames<ReleaseRole>());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Steps))]
    public void A_role_follows_another_as_the_table_says(string from, string to)
    {
        var live = LiveAs(Enum.Parse<ReleaseRole>(from));
        var role = Enum.Parse<ReleaseRole>(to);

        if (Expected[live.Role].Contains(role))
        {
            live.Become(role);
            Assert.Equal(role, live.Role);
        }
        else
        {
            var refusal = Assert.Throws<InvalidOperationException>(() => live.Become(role));
            Assert.Equal($"Release 7 is {from} and cannot become {to}.", refusal.Message);
            Assert.Equal(from, $"{live.Role}");
        }
    }

    [Fact]
    public void It_tells_since_when_it_has_its_role()
    {
        var live = LiveAs(ReleaseRole.Candidate);
        _time.Advance(TimeSpan.FromMinutes(1));

        live.Become(ReleaseRole.Active);

        Assert.Equal(_time.GetUtcNow(), live.Since);
    }

    [Theory]
    [InlineData(nameof(ReleaseRole.Candidate), false)]
    [InlineData(nameof(ReleaseRole.Active), false)]
    [InlineData(nameof(ReleaseRole.Draining), true)]
    [InlineData(nameof(ReleaseRole.Standby), true)]
    [InlineData(nameof(ReleaseRole.Retired), false)]
    public void Only_a_release_on_its_way_out_is_taken_back(string from, bool possible)
    {
        var live = LiveAs(Enum.Parse<ReleaseRole>(from));

        Assert.Equal(possible, live.TryReclaim());
        Assert.Equal(possible ? ReleaseRole.Candidate : Enum.Parse<ReleaseRole>(from), live.Role);
    }

    [Fact]
    public void Taking_it_back_ends_its_retirement()
    {
        var live = LiveAs(ReleaseRole.Active);
        var reclaimed = Retire(live);
        Assert.True(live.TryContinueRetirement(ReleaseRole.Standby, reclaimed));

        Assert.True(live.TryReclaim());

        Assert.True(reclaimed.IsCancellationRequested);
        Assert.False(live.TryContinueRetirement(ReleaseRole.Retired, reclaimed));
        Assert.Equal(ReleaseRole.Candidate, live.Role);
    }

    [Fact]
    public void An_earlier_retirement_does_not_go_on_in_a_later_one()
    {
        var live = LiveAs(ReleaseRole.Active);
        var first = Retire(live);
        live.TryReclaim();
        live.Become(ReleaseRole.Active);
        var second = Retire(live);

        Assert.False(live.TryContinueRetirement(ReleaseRole.Retired, first));
        Assert.True(live.TryContinueRetirement(ReleaseRole.Retired, second));
    }

    [Fact]
    public void The_end_of_an_earlier_retirement_is_not_the_end_of_a_later_one()
    {
        var live = LiveAs(ReleaseRole.Draining);
        var later = new TaskCompletionSource();

        live.FollowRetirement(later.Task);
        live.FollowRetirement(Task.CompletedTask);

        Assert.False(live.RetirementEnd.IsCompleted);
        later.SetResult();
        Assert.True(live.RetirementEnd.IsCompleted);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_release_with_a_dead_worker_is_not_taken_back()
    {
        await using var workshop = new Workshop();
        var (first, second) = (workshop.Launch("exec sleep 600"), workshop.Launch("exec sleep 600"));
        var live = LiveAs(ReleaseRole.Draining);
        live.Put(new LiveWorker(first));
        live.Put(new LiveWorker(second));

        await second.StopAsync(TimeSpan.FromMinutes(10), CancellationToken.None).WaitAsync(Token);

        Assert.False(live.TryReclaim());
        Assert.Equal(ReleaseRole.Draining, live.Role);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_worker_can_take_the_place_of_another()
    {
        await using var workshop = new Workshop();
        LiveWorker[] workers = [.. Enumerable.Range(0, 3).Select(_ => new LiveWorker(workshop.Launch("exec sleep 600")))];
        var live = LiveAs(ReleaseRole.Candidate);
        live.Put(workers[0]);
        live.Put(workers[1]);

        live.Put(workers[2], inPlaceOf: workers[0]);

        Assert.Equal([workers[2], workers[1]], live.Workers);
    }

    [Fact]
    public void Only_one_of_two_retires_it()
    {
        var live = LiveAs(ReleaseRole.Active);

        Assert.True(live.TryBeginRetirement(out _));
        Assert.False(live.TryBeginRetirement(out _));
    }

    private static CancellationToken Retire(LiveRelease live)
    {
        Assert.True(live.TryBeginRetirement(out var reclaimed));
        return reclaimed;
    }

    private LiveRelease LiveAs(ReleaseRole role)
    {
        var live = new LiveRelease(StoredRelease.Numbered(7), 1, _time);
        Array.ForEach(Way[role], live.Become);
        return live;
    }
}
