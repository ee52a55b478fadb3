using BlueGreen.Agent.Releases;

namespace BlueGreen.Agent.Deployments.OneOffs;

/// <summary>What somebody wants to be run once from the active release of an app.</summary>
/// <param name="Process">A process type of the release; null: the first of the arguments is a program.</param>
/// <param name="Arguments">Come after the command line of the type; or the program and its arguments.</param>
internal sealed record RunOnceRequest(string? Process, IReadOnlyList<string> Arguments)
{
    /// <summary>How long it may take; null: as long as it likes.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Who asked for it over the control socket.</summary>
    public Actor? By { get; init; }
}
