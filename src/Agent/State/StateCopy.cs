using System.Collections.Immutable;

namespace BlueGreen.Agent.State;

/// <summary>What one of the files says.</summary>
internal sealed record StateCopy
{
    private static readonly ImmutableSortedDictionary<string, string> NoDamage = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Why nothing of it can be read; null when something can.</summary>
    public string? Unreadable { get; init; }

    /// <summary>The apps that can be read.</summary>
    public ImmutableSortedDictionary<string, AppState> Apps { get; init; } = ImmutableSortedDictionary<string, AppState>.Empty;

    /// <summary>The apps that cannot, each with the reason.</summary>
    public ImmutableSortedDictionary<string, string> Damaged { get; init; } = NoDamage;

    /// <summary>There are entries of which not even the app can be told.</summary>
    public bool HasNameless { get; init; }

    /// <summary>True when all of it can be read.</summary>
    public bool IsWhole => Unreadable is null && Damaged.IsEmpty && !HasNameless;
}
