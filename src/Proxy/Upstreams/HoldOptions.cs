namespace BlueGreen.Proxy.Upstreams;

/// <summary>How requests wait while an upstream that is expected back has no backend.</summary>
/// <param name="Limit">Requests that may wait at once; further ones are refused. At least 0.</param>
/// <param name="Wait">How long each may wait before it is refused.</param>
public sealed record HoldOptions(int Limit, TimeSpan Wait)
{
    /// <summary>1,000 requests, 10 seconds.</summary>
    public static readonly HoldOptions Default = new(1000, TimeSpan.FromSeconds(10));
}
