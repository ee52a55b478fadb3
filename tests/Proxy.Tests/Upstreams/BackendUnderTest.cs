using System.Collections.Immutable;
using System.Net;
using BlueGreen.Proxy.Upstreams;

namespace BlueGreen.Proxy.Tests.Upstreams;

/// <summary>Backends that nobody dials: for tests of counting and switching.</summary>
internal static class BackendUnderTest
{
    public static readonly DrainDeadlines Never = new(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public static Backend Create(TimeProvider? time = null, string id = "web.1.1") =>
        new(id, BackendAddress.ForTcp(new IPEndPoint(IPAddress.Loopback, 1)), time ?? TimeProvider.System);

    /// <summary>An upstream whose traffic goes to these backends.</summary>
    public static Upstream Behind(params ImmutableArray<Backend> backends)
    {
        var upstream = new Upstream("web", TimeProvider.System);
        upstream.Switch(backends);
        return upstream;
    }

    public static RequestLease Claim(this Backend backend) =>
        backend.TryClaim() ?? throw new InvalidOperationException($"Backend {backend.Id} refused the claim.");

    public static async Task<RequestLease> LeaseAsync(this Upstream upstream)
    {
        var (lease, failure) = await upstream.AcquireAsync(TestContext.Current.CancellationToken);
        return lease ?? throw new InvalidOperationException($"No backend: {failure}.");
    }
}
