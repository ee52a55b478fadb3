using System.Collections.Immutable;

namespace BlueGreen.Agent.State;

/// <summary>What a front must know again after a restart. Immutable; written as a whole to DIR/state.json.</summary>
internal sealed record FrontState
{
    /// <summary>The version of the format this program writes.</summary>
    public const int CurrentVersion = 2;

    private static readonly ImmutableSortedDictionary<string, AppState> NoApps = ImmutableSortedDictionary<string, AppState>.Empty;

    /// <summary>The version of the format of this copy.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The apps by name.</summary>
    public ImmutableSortedDictionary<string, AppState> Apps { get; init => field = value ?? NoApps; } = NoApps;

    /// <summary>The state of an app; a new one for an app that was never seen.</summary>
    public AppState App(string name) => Apps.GetValueOrDefault(name) ?? new AppState();
}
