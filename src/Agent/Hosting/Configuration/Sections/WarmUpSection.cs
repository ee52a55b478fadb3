using System.Diagnostics.CodeAnalysis;
using BlueGreen.Agent.Deployments.WarmUps;
using BlueGreen.Agent.Hosting.Configuration.Binding;

namespace BlueGreen.Agent.Hosting.Configuration.Sections;

/// <summary>The keys of an app's <c>warmup</c>.</summary>
internal static class WarmUpSection
{
    /// <summary>More at once, more often or more of them is no warm-up but an attack.</summary>
    private const int MostAtOnce = 100, MostRounds = 10_000, MostReplayed = 1000;

    /// <summary>See <see cref="WarmUpOptions"/>.</summary>
    public static Section<WarmUpOptions> Section { get; } = new(Check)
    {
        { "requests", Requests, (warmUp, requests) => warmUp with { Requests = requests } },
        { "concurrency", NumberReaders.Between(1, MostAtOnce), (warmUp, concurrency) => warmUp with { Concurrency = concurrency } },
        { "rounds", NumberReaders.Between(1, MostRounds), (warmUp, rounds) => warmUp with { Rounds = rounds } },
        { "for", DurationReaders.MoreThanZero, (warmUp, limit) => warmUp with { For = limit } },
        { "statuses", Statuses, (warmUp, statuses) => warmUp with { Statuses = statuses } },
        { "host", TextReaders.Of<string>("a host name such as example.com", TryParseHost), (warmUp, host) => warmUp with { Host = host } },
        { "replay", NumberReaders.Between(0, MostReplayed), (warmUp, replay) => warmUp with { Replay = replay } },
        { "replayQueries", TextReaders.OneOf(("true", true), ("false", false)), (warmUp, queries) => warmUp with { ReplayQueries = queries } },
    };

    private static ValueReader<IReadOnlyList<WarmUpRequest>> Requests => ListReaders.Of(
        TextReaders.Of<WarmUpRequest>("a request such as GET /", WarmUpRequestText.TryParse),
        (earlier, later) => earlier == later ? $"{later} is listed twice" : null);

    private static ValueReader<IReadOnlyList<StatusRange>> Statuses => ListReaders.Of(
        TextReaders.Of<StatusRange>("a status such as 2xx or 404", StatusRangeText.TryParse),
        (earlier, later) => earlier == later ? $"{later} is listed twice" : null);

    private static bool TryParseHost(string text, [NotNullWhen(true)] out string? host, [NotNullWhen(false)] out string? problem)
    {
        if (text.StartsWith('*'))
        {
            (host, problem) = (null, $"'{text}' is no single host: write one name, such as example.com");
            return false;
        }

        return HostPattern.TryParse(text, out host, out problem);
    }

    private static void Check(WarmUpOptions warmUp, IReadOnlyDictionary<string, ConfigurationValue> given)
    {
        if (warmUp.Statuses.Count == 0)
        {
            given["statuses"].Report("needs a status such as 2xx; remove the key for the default, 2xx and 3xx");
        }

        if (warmUp is { ReplayQueries: true, Replay: 0 })
        {
            given["replayQueries"].Report("needs 'replay', the number of paths that are sent again");
        }
    }
}
