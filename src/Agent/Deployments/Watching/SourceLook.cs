using BlueGreen.Agent.Releases.Fetching;

namespace BlueGreen.Agent.Deployments.Watching;

/// <summary>One look at a source.</summary>
/// <param name="Source">The source.</param>
/// <param name="At">When it was over.</param>
/// <param name="Result">What came of it.</param>
/// <param name="Detail">The same in one line for people.</param>
internal sealed record SourceLook(SourceAddress Source, DateTimeOffset At, LookResult Result, string Detail)
{
    /// <summary>What the source has is called this; null: not known.</summary>
    public string? Label { get; init; }

    /// <summary>The digest of what the source has; null: not known.</summary>
    public string? Digest { get; init; }

    /// <summary>The release it became.</summary>
    public int? Release { get; init; }

    /// <summary>The source is to be left alone for so long, as it said.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
