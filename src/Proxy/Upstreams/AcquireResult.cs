namespace BlueGreen.Proxy.Upstreams;

/// <summary>A claimed backend, or why there is none.</summary>
public readonly record struct AcquireResult(RequestLease? Lease, AcquireFailure Failure)
{
    internal static AcquireResult Of(RequestLease lease) => new(lease, AcquireFailure.None);

    internal static AcquireResult Failed(AcquireFailure failure) => new(null, failure);
}
