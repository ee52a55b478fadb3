using BlueGreen.Agent.Hosting.Configuration.Binding;
using BlueGreen.Agent.Releases;

namespace BlueGreen.Agent.Hosting.Configuration.Sections;

/// <summary>The keys of an app's <c>limits</c>.</summary>
internal static class ReleaseLimitsSection
{
    /// <summary>Each takes memory of the front while the release is made.</summary>
    private const int MostEntries = 10_000_000;

    /// <summary>Nothing compresses further and means well.</summary>
    private const int HighestRatio = 1_000_000;

    /// <summary>See <see cref="ReleaseLimits"/>.</summary>
    public static Section<ReleaseLimits> Section { get; } = new()
    {
        { "size", SizeReaders.MoreThanZero, (limits, size) => limits with { Size = size } },
        { "entries", NumberReaders.Between(1, MostEntries), (limits, entries) => limits with { Entries = entries } },
        { "ratio", NumberReaders.Between(1, HighestRatio), (limits, ratio) => limits with { Ratio = ratio } },
    };
}
