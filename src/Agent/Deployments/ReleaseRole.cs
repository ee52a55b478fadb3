namespace BlueGreen.Agent.Deployments;

/// <summary>What a live release is to its app.</summary>
internal enum ReleaseRole
{
    /// <summary>Being started; gets no traffic.</summary>
    Candidate,

    /// <summary>Gets all new requests.</summary>
    Active,

    /// <summary>Replaced; finishes what it has.</summary>
    Draining,

    /// <summary>Drained, its workers kept running for an instant rollback.</summary>
    Standby,

    /// <summary>Its workers are told to stop, or gone.</summary>
    Retired,
}
