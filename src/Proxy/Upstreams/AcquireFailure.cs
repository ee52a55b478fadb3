namespace BlueGreen.Proxy.Upstreams;

/// <summary>Why a request got no backend.</summary>
public enum AcquireFailure
{
    /// <summary>It got one.</summary>
    None,

    /// <summary>Nothing has been deployed.</summary>
    NoBackend,

    /// <summary>Too many requests wait already.</summary>
    HoldFull,

    /// <summary>No backend came back in time.</summary>
    HoldTimedOut,
}
