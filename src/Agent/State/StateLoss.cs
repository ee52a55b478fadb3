using System.Collections.Immutable;

namespace BlueGreen.Agent.State;

/// <summary>
/// What could not be read when the state was opened. A folder without any state is a new one, as far as can be told from here: so an
/// app of which nothing is written, but which has stored releases or running workers, was lost as well.
/// </summary>
/// <param name="All">There was a state, and nothing of it is left.</param>
/// <param name="Apps">Apps that had a state, of which nothing is left.</param>
/// <param name="Outdated">Apps whose state is the previous copy's: what was written last, or more, is missing.</param>
internal sealed record StateLoss(bool All, ImmutableSortedSet<string> Apps, ImmutableSortedSet<string> Outdated)
{
    /// <summary>All could be read.</summary>
    public static StateLoss None { get; } = new(All: false, [], []);
}
