namespace BlueGreen.Load;

/// <summary>What became of the ids a <see cref="PostLoad"/> sent.</summary>
public sealed record PostReport
{
    /// <summary>The requests, as any load reports them.</summary>
    public required LoadReport Load { get; init; }

    /// <summary>Ids answered with 2xx.</summary>
    public required long Answered { get; init; }

    /// <summary>Ids answered with 2xx that are not in the record.</summary>
    public IReadOnlyList<string> Lost { get; init; } = [];

    /// <summary>Ids that are in the record more than once.</summary>
    public IReadOnlyList<string> Duplicated { get; init; } = [];

    /// <summary>Ids in the record whose request failed for the client: done, but not known to be.</summary>
    public IReadOnlyList<string> Unacknowledged { get; init; } = [];

    /// <summary>Whether there were requests and each succeeded and is recorded exactly once.</summary>
    public bool IsExactlyOnce => Load.IsFlawless && Lost.Count == 0 && Duplicated.Count == 0 && Unacknowledged.Count == 0;

    /// <summary>Compares answered ids with the lines of a record.</summary>
    public static PostReport Compare(LoadReport load, IReadOnlyCollection<string> answered, IEnumerable<string> lines)
    {
        ArgumentNullException.ThrowIfNull(answered);
        var recorded = lines.CountBy(line => line).ToDictionary(StringComparer.Ordinal);
        var known = answered.ToHashSet(StringComparer.Ordinal);
        return new PostReport
        {
            Load = load,
            Answered = answered.Count,
            Lost = [.. answered.Where(id => !recorded.ContainsKey(id))],
            Duplicated = [.. recorded.Where(pair => pair.Value > 1).Select(pair => pair.Key)],
            Unacknowledged = [.. recorded.Keys.Where(id => !known.Contains(id))],
        };
    }

    /// <summary>The report for people, several lines.</summary>
    public override string ToString() => Reports.ReportText.Of(this);
}
