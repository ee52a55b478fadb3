using System.Collections.Immutable;
using BlueGreen.Agent.Releases;
using BlueGreen.Agent.State;

namespace BlueGreen.Agent.Deployments;

/// <summary>
/// Which release a rollback goes back to. The history is a stack: a switch to a new release pushes the one it replaces, a rollback pops;
/// so two rollbacks in a row go back two releases, not to the bad one again.
/// </summary>
internal static class RollbackTarget
{
    /// <summary>The newest release of the history that is still in the store; null when there is none.</summary>
    public static Release? Find(AppState state, IReadOnlyList<Release> stored) =>
        state.History.Reverse()
            .Where(number => number != state.Active)
            .Select(number => stored.FirstOrDefault(release => release.Number == number))
            .FirstOrDefault(release => release is not null);

    /// <summary>The history after a switch to a release.</summary>
    public static ImmutableArray<int> HistoryAfter(AppState before, int release)
    {
        if (before.Active is not { } replaced || replaced == release)
        {
            return before.History;
        }

        var position = before.History.LastIndexOf(release);
        return position >= 0 ? before.History[..position] : before.History.Add(replaced);
    }
}
