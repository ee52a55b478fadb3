namespace BlueGreen.Proxy.Upstreams;

/// <summary>Where a backend is in its one-way life.</summary>
public enum BackendState
{
    /// <summary>Requests may claim it.</summary>
    Active,

    /// <summary>Retired: no request can claim it any more, some still run.</summary>
    Draining,

    /// <summary>Retired, and the last request has left.</summary>
    Drained,
}
