namespace BlueGreen.Agent.State;

/// <summary>A deployment as it was when it was last written down.</summary>
internal sealed record JournaledDeployment(string Kind, string Step, int? Release, DateTimeOffset StartedAt)
{
    /// <summary>Tells it from all others. Null, like the rest, where an older version wrote it.</summary>
    public string? Id { get; init; }

    /// <summary>What began it.</summary>
    public string? Trigger { get; init; }

    /// <summary>The number of the user who asked for it; null: nobody did.</summary>
    public uint? Uid { get; init; }

    /// <summary>The name of that user.</summary>
    public string? User { get; init; }

    /// <summary>Where the release comes from.</summary>
    public string? Source { get; init; }

    /// <summary>The digest of the release, once it is known.</summary>
    public string? Digest { get; init; }

    /// <summary>The label of the release, once it is known.</summary>
    public string? Label { get; init; }

    /// <summary>The process of its release phase, while that runs.</summary>
    public JournaledTask? ReleasePhase { get; init; }

    /// <summary>The release that its switch replaced.</summary>
    public int? Replaced { get; init; }
}
