using BlueGreen.Agent.Deployments;

namespace BlueGreen.Agent.Tests.Deployments;

public sealed class DeploymentTransitionsTests
{
    /// <summary>The whole table once more, as people read it: each step and what may follow it.</summary>
    private static readonly Dictionary<DeploymentState, DeploymentState[]> Expected = new()
    {
        [DeploymentState.Accepted] =
            [
                DeploymentState.Fetching, DeploymentState.Checking, DeploymentState.Releasing, DeploymentState.Starting, DeploymentState.Probing,
                DeploymentState.Failed,
            ],
        [DeploymentState.Fetching] = [DeploymentState.Preparing, DeploymentState.Failed],
        [DeploymentState.Preparing] = [DeploymentState.Checking, DeploymentState.Releasing, DeploymentState.Starting, DeploymentState.Failed],
        [DeploymentState.Checking] =
            [DeploymentState.Checking, DeploymentState.Releasing, DeploymentState.Starting, DeploymentState.Probing, DeploymentState.Failed],
        [DeploymentState.Releasing] = [DeploymentState.Starting, DeploymentState.Probing, DeploymentState.Failed],
        [DeploymentState.Starting] = [DeploymentState.Probing, DeploymentState.Failed],
        [DeploymentState.Probing] = [DeploymentState.Starting, DeploymentState.Warming, DeploymentState.HandingOver, DeploymentState.Switched, DeploymentState.Failed],
        [DeploymentState.Warming] = [DeploymentState.HandingOver, DeploymentState.Switched, DeploymentState.Failed],
        [DeploymentState.HandingOver] = [DeploymentState.Switched, DeploymentState.Failed],
        [DeploymentState.Switched] = [DeploymentState.Draining],
        [DeploymentState.Draining] = [DeploymentState.Completed, DeploymentState.RolledBack],
        [DeploymentState.Completed] = [],
        [DeploymentState.RolledBack] = [],
        [DeploymentState.Failed] = [],
    };

    // Names, because the states themselves are internal.
    public static MatrixTheoryData<string, string> Steps => new(Enum.GetNames<DeploymentState>(), Enum.GetNames<DeploymentState>());

    [Theory]
    [MemberData(nameof(Steps))]
    public void A_step_is_taken_or_refused_as_the_table_says(string from, string to)
    {
        var (before, after) = (Enum.Parse<DeploymentState>(from), Enum.Parse<DeploymentState>(to));

        if (Expected[before].Contains(after))
        {
            DeploymentTransitions.Check(before, after);
        }
        else
        {
            var refusal = Assert.Throws<InvalidOperationException>(() => DeploymentTransitions.Check(before, after));
            Assert.Contains(from, refusal.Message, StringComparison.Ordinal);
            Assert.Contains(to, refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void After_the_switch_nothing_fails_any_more()
    {
        Assert.All(
            [DeploymentState.Switched, DeploymentState.Draining, DeploymentState.Completed],
            state => Assert.False(DeploymentTransitions.Allows(state, DeploymentState.Failed)));
    }
}
