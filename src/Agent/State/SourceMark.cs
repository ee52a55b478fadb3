namespace BlueGreen.Agent.State;

/// <summary>
/// What the source of an app had when it was last made use of: only another content than this is something new. Written down once a
/// release of it is verified and stored, never before.
/// </summary>
/// <param name="Source">The source, without secrets: another one has a mark of its own.</param>
/// <param name="Version">What tells the version without its content; null: the source has nothing of the kind.</param>
/// <param name="Digest">The digest of the content.</param>
/// <param name="Label">What it is called.</param>
/// <param name="Outcome"><c>deployed</c>; <c>failed</c>: its deployment did; <c>available</c>: it waits for somebody to deploy it.</param>
internal sealed record SourceMark(string Source, string? Version, string Digest, string Label, string Outcome)
{
    /// <summary>It was deployed, or served already.</summary>
    public const string Deployed = "deployed";

    /// <summary>Its deployment failed; it is not tried again.</summary>
    public const string Failed = "failed";

    /// <summary>It was only said that it is there.</summary>
    public const string Available = "available";
}
