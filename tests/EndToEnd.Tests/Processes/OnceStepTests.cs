using BlueGreen.Faults.Jobs;

namespace BlueGreen.EndToEnd.Tests.Processes;

public sealed class OnceStepTests
{
    private static readonly IReadOnlyList<BadRelease> Bad = [BadRelease.NeverHealthy, BadRelease.Exits, BadRelease.Refused];

    [Theory]
    [InlineData(10, 2, 1)]
    [InlineData(10, 2, 2)]
    [InlineData(50, 2, 3)]
    [InlineData(50, 20, 4)]
    public void Every_fault_is_done_once_and_none_to_another(int count, int kills, int seed)
    {
        var steps = OnceStep.Plan(count, Bad, JobKill.Some(kills), new Random(seed));

        Assert.Equal(count, steps.Count);
        Assert.Equal(Bad, steps.Select(step => step.Bad).OfType<BadRelease>().Order());
        Assert.Equal(kills, steps.Count(step => step.Kill is { IsFront: true }));
        Assert.Equal(kills, steps.Count(step => step.Kill is { IsFront: false }));
        Assert.All(steps.Where(step => step.Bad is not null), step => Assert.Equal(("deploy", null), (step.Verb, step.Kill)));
    }

    [Fact]
    public void The_same_seed_gives_the_same_steps() => Assert.Equal(
        OnceStep.Plan(50, Bad, JobKill.Some(2), new Random(7)), OnceStep.Plan(50, Bad, JobKill.Some(2), new Random(7)));

    [Fact]
    public void Front_and_job_are_killed_at_each_moment() => Assert.Equal(
        6, JobKill.Some(3).Distinct().Count());

    [Fact]
    public void Too_few_steps_for_the_faults_are_refused() => Assert.Throws<ArgumentOutOfRangeException>(
        () => OnceStep.Plan(9, Bad, JobKill.Some(2), new Random(1)));
}
