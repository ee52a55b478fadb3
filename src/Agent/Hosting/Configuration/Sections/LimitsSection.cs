using BlueGreen.Agent.Hosting.Configuration.Binding;
using BlueGreen.Proxy;

namespace BlueGreen.Agent.Hosting.Configuration.Sections;

/// <summary>The keys of the front's <c>limits</c>.</summary>
internal static class LimitsSection
{
    /// <summary>Each connection costs memory and up to two file descriptors; more is a typing mistake.</summary>
    private const int MostConnections = 1_000_000;

    /// <summary>No client reads or writes faster; a higher minimum is a typing mistake.</summary>
    private const int HighestRate = 1_000_000_000;

    /// <summary>The clock the rates are measured with ticks once a second.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <summary>See <see cref="ClientLimits"/>.</summary>
    public static Section<ClientLimits> Section { get; } = new()
    {
        { "connections", NumberReaders.Between(1, MostConnections), (limits, connections) => limits with { Connections = connections } },
        { "headers", DurationReaders.MoreThanZero, (limits, headers) => limits with { Headers = headers } },
        { "keepAlive", DurationReaders.MoreThanZero, (limits, keepAlive) => limits with { KeepAlive = keepAlive } },
        { "requestRate", NumberReaders.Between(0, HighestRate), (limits, rate) => limits with { RequestRate = rate } },
        { "responseRate", NumberReaders.Between(0, HighestRate), (limits, rate) => limits with { ResponseRate = rate } },
        { "grace", Grace, (limits, grace) => limits with { Grace = grace } },
    };

    private static ValueReader<TimeSpan> Grace => value =>
    {
        var result = DurationReaders.ZeroOrMore(value);
        return result.TryGet(out var grace) && grace <= Tick
            ? value.Fail<TimeSpan>($"must be more than {DurationText.Format(Tick)}")
            : result;
    };
}
