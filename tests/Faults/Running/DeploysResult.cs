using BlueGreen.Faults.Accounting;

namespace BlueGreen.Faults.Running;

/// <summary>What came of many deploys.</summary>
public sealed record DeploysResult
{
    /// <summary>How much memory a front may have more at the end: the garbage collector does not hurry.</summary>
    public const long MostKilobytesMore = 40 * 1024;

    /// <summary>How many threads it may have more: the thread pool follows the load.</summary>
    public const int MostThreadsMore = 10;

    /// <summary>How many descriptors it may have more: connections come and go.</summary>
    public const int MostDescriptorsMore = 20;

    /// <summary>What became of the load.</summary>
    public required Account Account { get; init; }

    /// <summary>What is not as it must be, besides.</summary>
    public required IReadOnlyList<Problem> Problems { get; init; }

    /// <summary>What the front used, from when it was warm to the end.</summary>
    public required IReadOnlyList<FrontSample> Samples { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Took { get; init; }

    /// <summary>In what the front has grown; null when it has not.</summary>
    public string? Growth
    {
        get
        {
            if (Samples is not [{ Usage: var first }, .., { Usage: var last }])
                return "there are no two samples";
            var more = new List<string>();
            if (last.ResidentKilobytes > first.ResidentKilobytes + MostKilobytesMore)
                more.Add($"memory from {first.ResidentKilobytes} to {last.ResidentKilobytes} KB");
            if (last.Threads > first.Threads + MostThreadsMore)
                more.Add($"threads from {first.Threads} to {last.Threads}");
            if (last.Descriptors > first.Descriptors + MostDescriptorsMore)
                more.Add($"descriptors from {first.Descriptors} to {last.Descriptors}");
            return more.Count == 0 ? null : string.Join(", ", more);
        }
    }

    /// <summary>Whether everything is as it must be.</summary>
    public bool IsGood => Account.IsClean && Account.Failed.Count == 0 && Problems.Count == 0 && Growth is null;
}
