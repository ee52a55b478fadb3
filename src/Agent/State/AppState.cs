using System.Collections.Immutable;

namespace BlueGreen.Agent.State;

/// <summary>What is remembered of one app. A list that a file does not have is read as an empty one.</summary>
internal sealed record AppState
{
    private static readonly ImmutableSortedDictionary<string, int> NoScale = ImmutableSortedDictionary<string, int>.Empty;

    /// <summary>The last number given to a switch attempt, to the start of a process or to a role that workers are told; only grows.</summary>
    public long Generation { get; init; }

    /// <summary>The highest release number ever given out; numbers are not used again.</summary>
    public int LastRelease { get; init; }

    /// <summary>The release that serves, and that a restarted front starts.</summary>
    public int? Active { get; init; }

    /// <summary>
    /// The generation of the workers that serve: those of another one are on their way out, or kept warm. Null: nothing serves.
    /// </summary>
    public long? ActiveGeneration { get; init; }

    /// <summary>The probation the active release is on, if any.</summary>
    public JournaledProbation? Probation { get; init; }

    /// <summary>The releases that served before it, the newest last: each rollback goes back to the last one.</summary>
    public ImmutableArray<int> History { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>The highest sequence number signed with a release that was live. Null: none was.</summary>
    public long? HighestSequence { get; init; }

    /// <summary>What was deployed last, for USR2.</summary>
    public LastDeploy? LastDeploy { get; init; }

    /// <summary>What its configured source had; null: nothing was had from it yet.</summary>
    public SourceMark? Source { get; init; }

    /// <summary>The deployment under way, by its state: journaled before that state is acted on.</summary>
    public JournaledDeployment? Deployment { get; init; }

    /// <summary>Deployments that have switched, and of which the audit log does not have the end yet.</summary>
    public ImmutableArray<JournaledDeployment> Unrecorded { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>How many processes of a type run, where somebody has said so; it goes before the configuration.</summary>
    public ImmutableSortedDictionary<string, int> Scale { get; init => field = value ?? NoScale; } = NoScale;

    /// <summary>How many processes of a type are wanted.</summary>
    /// <param name="type">The type; web is that of the workers.</param>
    /// <param name="configured">How many the configuration says.</param>
    public int Wanted(string type, int configured) => Scale.TryGetValue(type, out var scaled) ? scaled : configured;

    /// <summary>The same, with this number given; others may have been meanwhile, also higher ones.</summary>
    public AppState WithGeneration(long given) => this with { Generation = Math.Max(Generation, given) };

    /// <summary>The processes that take no requests and may be alive.</summary>
    public ImmutableArray<JournaledProcess> Processes { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>The worker that leads, or may believe that it does; null: none.</summary>
    public JournaledLeader? Leader { get; init; }

    /// <summary>The worker processes that may be alive.</summary>
    public ImmutableArray<JournaledWorker> Workers { get; init => field = value.IsDefault ? [] : value; } = [];
}
