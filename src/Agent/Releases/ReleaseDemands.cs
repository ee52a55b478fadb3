using BlueGreen.Agent.Releases.Verification;

namespace BlueGreen.Agent.Releases;

/// <summary>What something must be like to become a release of an app.</summary>
internal sealed record ReleaseDemands
{
    /// <summary>How much it may hold.</summary>
    public ReleaseLimits Limits { get; init; } = new();

    /// <summary>Who must have signed it.</summary>
    public TrustOptions Trust { get; init; } = new();

    /// <summary>The SHA-256 its file must have, 64 lower-case hexadecimal digits. Null: any.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The highest sequence number that was live; with <see cref="TrustOptions.Sequence"/>, no lower one is taken. Null: none was.</summary>
    public long? HighestSequence { get; init; }
}
