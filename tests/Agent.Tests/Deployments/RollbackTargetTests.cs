using System.Collections.Immutable;
using System.Globalization;
using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.State;

namespace BlueGreen.Agent.Tests.Deployments;

public sealed class RollbackTargetTests
{
    /// <summary>
    /// What was done, in words: a number deploys or names a release, <c>b</c> rolls back, <c>r</c> restarts; then the history, the
    /// active release and the target of the next rollback.
    /// </summary>
    [Theory]
    [InlineData("", "", "", "")]
    [InlineData("1", "", "1", "")]
    [InlineData("1 2", "1", "2", "1")]
    [InlineData("1 2 3", "1 2", "3", "2")]
    [InlineData("1 2 3 b", "1", "2", "1")]
    [InlineData("1 2 3 b b", "", "1", "")]
    [InlineData("1 2 3 b 4", "1 2", "4", "2")]
    [InlineData("1 2 3 b b 4", "1", "4", "1")]
    [InlineData("1 2 3 r", "1 2", "3", "2")]
    [InlineData("1 2 3 1", "", "1", "")]
    [InlineData("1 2 3 b 3", "1 2", "3", "2")]
    [InlineData("1 2 3 b 3 b", "1", "2", "1")]
    public void The_history_is_a_stack(string actions, string history, string active, string target)
    {
        var state = new AppState();
        foreach (var action in actions.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var next = action switch
            {
                "b" => RollbackTarget.Find(state, Stored(1, 2, 3, 4))!.Number,
                "r" => state.Active!.Value,
                _ => int.Parse(action, CultureInfo.InvariantCulture),
            };
            state = state with { History = RollbackTarget.HistoryAfter(state, next), Active = next };
        }

        Assert.Equal(history, string.Join(' ', state.History));
        Assert.Equal(active, $"{state.Active}");
        Assert.Equal(target, $"{RollbackTarget.Find(state, Stored(1, 2, 3, 4))?.Number}");
    }

    [Theory]
    [InlineData("1 2 3", "1 2 3 4", 3)]
    [InlineData("1 2 3", "1 2 4", 2)]
    [InlineData("1 2 3", "4", null)]
    [InlineData("1 4", "1 4", 1)]
    [InlineData("", "1 2 4", null)]
    public void The_target_is_the_newest_of_the_history_that_is_stored_and_not_active(string history, string stored, int? target)
    {
        var state = new AppState { Active = 4, History = [.. Numbers(history)] };

        Assert.Equal(target, RollbackTarget.Find(state, Stored([.. Numbers(stored)]))?.Number);
    }

    private static ImmutableArray<Agent.Releases.Release> Stored(params int[] numbers) => [.. numbers.Select(StoredRelease.Numbered)];

    private static IEnumerable<int> Numbers(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(number => int.Parse(number, CultureInfo.InvariantCulture));
}
