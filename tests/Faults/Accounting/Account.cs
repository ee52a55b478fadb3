using BlueGreen.Faults.Traffic;

namespace BlueGreen.Faults.Accounting;

/// <summary>Every exchange of a load under one heading, once.</summary>
public sealed record Account
{
    /// <summary>Of a load that never was.</summary>
    public static Account Empty { get; } = new()
    {
        Ok = 0,
        Held = 0,
        LongestHold = TimeSpan.Zero,
        Failed = new Dictionary<Verdict, long>(),
        Lost = [],
        Duplicated = [],
    };

    /// <summary>Answered as it should be.</summary>
    public required long Ok { get; init; }

    /// <summary>Of these, how many took longer than they had to.</summary>
    public required long Held { get; init; }

    /// <summary>The longest time one of these took beyond what it had to.</summary>
    public required TimeSpan LongestHold { get; init; }

    /// <summary>Failed exchanges by what they are put down to.</summary>
    public required IReadOnlyDictionary<Verdict, long> Failed { get; init; }

    /// <summary>Failed exchanges that nothing excuses, and POSTs answered with 2xx that nobody wrote down; a line each.</summary>
    public required IReadOnlyList<string> Lost { get; init; }

    /// <summary>POSTs that were written down more than once; a line each.</summary>
    public required IReadOnlyList<string> Duplicated { get; init; }

    /// <summary>Whether nothing is lost or duplicated.</summary>
    public bool IsClean => Lost.Count == 0 && Duplicated.Count == 0;

    /// <summary>How many are put down to something.</summary>
    public long Of(Verdict verdict) => Failed.GetValueOrDefault(verdict);

    /// <summary>Settles the account of a load that has ended.</summary>
    /// <param name="log">What became of its exchanges.</param>
    /// <param name="attribution">What failures are put down to.</param>
    /// <param name="record">What the workers wrote down.</param>
    /// <param name="origin">The moment times are told from, a <c>Stopwatch.GetTimestamp()</c>.</param>
    public static Account Settle(TrafficLog log, Attribution attribution, RecordFile record, long origin)
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(attribution);
        ArgumentNullException.ThrowIfNull(record);
        var judged = log.Failed.Select(failed => (Failed: failed, Verdict: attribution.Judge(failed))).ToList();
        var unwritten = log.AnsweredPosts.Where(id => record.WritersOf(id).Count == 0).ToList();
        return new Account
        {
            Ok = log.Succeeded.Values.Sum() - unwritten.Count,
            Held = log.Held,
            LongestHold = log.LongestHold,
            Failed = judged.CountBy(one => one.Verdict).ToDictionary(pair => pair.Key, pair => (long)pair.Value),
            Lost =
            [
                .. judged.Where(one => one.Verdict == Verdict.Lost).Select(one => one.Failed.Describe(origin)),
                .. unwritten.Select(id => $"Post {id} was answered with 200, and no worker wrote it down"),
            ],
            Duplicated = [.. record.Duplicated.Select(id => $"Post {id} was done by workers {string.Join(", ", record.WritersOf(id))}")],
        };
    }
}
