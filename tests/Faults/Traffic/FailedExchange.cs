using BlueGreen.Load;

namespace BlueGreen.Faults.Traffic;

/// <summary>An exchange that did not end with the whole 2xx answer it was to have. Times are of <c>Stopwatch.GetTimestamp()</c>.</summary>
public sealed record FailedExchange
{
    /// <summary>What it was.</summary>
    public required ExchangeKind Kind { get; init; }

    /// <summary>The id it was to write down, for a POST.</summary>
    public string? Id { get; init; }

    /// <summary>When its connection was asked for, by it or by an exchange before it; null when there was none.</summary>
    public long? ConnectedAt { get; init; }

    /// <summary>When it began.</summary>
    public required long Started { get; init; }

    /// <summary>When it was over for the client.</summary>
    public required long Ended { get; init; }

    /// <summary>How the exchange went wrong; <see cref="FailureKind.BadStatus"/>: it was whole, but not as it should be.</summary>
    public required FailureKind Failure { get; init; }

    /// <summary>The status of the answer; null when no answer began.</summary>
    public int? Status { get; init; }

    /// <summary>The worker that began the answer; null when none did, as for an answer that is the front's own.</summary>
    public int? WorkerPid { get; init; }

    /// <summary>The particulars: the text of the answer, or what happened to it.</summary>
    public required string Detail { get; init; }

    /// <summary>One line for people.</summary>
    /// <param name="origin">The moment its times are told from.</param>
    public string Describe(long origin) => string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"{Kind}{(Id is null ? "" : $" {Id}")} from {Since(Started, origin):N1} to {Since(Ended, origin):N1} ms: "
        + $"{Failure} {Status} {Detail.Trim()}{(WorkerPid is { } pid ? $" (worker {pid})" : "")}");

    private static double Since(long moment, long origin) =>
        (moment - origin) * 1000.0 / System.Diagnostics.Stopwatch.Frequency;
}
