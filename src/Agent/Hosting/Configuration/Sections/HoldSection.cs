using BlueGreen.Agent.Hosting.Configuration.Binding;
using BlueGreen.Proxy.Upstreams;

namespace BlueGreen.Agent.Hosting.Configuration.Sections;

/// <summary>The keys of an app's <c>hold</c>.</summary>
internal static class HoldSection
{
    /// <summary>Each request that waits costs memory and a connection; more is a typing mistake.</summary>
    private const int MostRequests = 1_000_000;

    /// <summary>See <see cref="HoldOptions"/>.</summary>
    public static Section<HoldOptions> Section { get; } = new()
    {
        { "requests", NumberReaders.Between(0, MostRequests), (hold, requests) => hold with { Limit = requests } },
        { "wait", DurationReaders.ZeroOrMore, (hold, wait) => hold with { Wait = wait } },
    };
}
