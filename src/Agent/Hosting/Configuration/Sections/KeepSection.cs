using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Hosting.Configuration.Binding;

namespace BlueGreen.Agent.Hosting.Configuration.Sections;

/// <summary>The keys of an app's <c>keep</c>.</summary>
internal static class KeepSection
{
    /// <summary>More stored releases than any history needs.</summary>
    private const int MostReleases = 1000;

    /// <summary>See <see cref="KeepOptions"/>.</summary>
    public static Section<KeepOptions> Section { get; } = new()
    {
        { "releases", NumberReaders.Between(1, MostReleases), (keep, releases) => keep with { Releases = releases } },
        { "warm", DurationReaders.ZeroOrMore, (keep, warm) => keep with { Warm = warm } },
    };
}
