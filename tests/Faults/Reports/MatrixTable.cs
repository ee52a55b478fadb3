using System.Globalization;
using System.Text;
using BlueGreen.Faults.Accounting;
using BlueGreen.Faults.Injection;
using BlueGreen.Faults.Running;

namespace BlueGreen.Faults.Reports;

/// <summary>What came of every fault, for people: one line for each victim and step.</summary>
internal static class MatrixTable
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    private static readonly string[] Heads =
    [
        "fault", "runs", "ok", "held", "longest", "no front", "in front", "in worker", "cut", "refused",
        "LOST", "TWICE", "wrong", "orphans", "unadopted", "unsettled", "next", "rolled back", "missed", "took",
    ];

    /// <summary>The table, the faults that cannot be, and how long the port was not answered.</summary>
    public static string Of(IReadOnlyList<Cell> cells, IReadOnlyCollection<CellResult> results)
    {
        var rows = new List<string[]> { Heads };
        var byCell = results.ToLookup(result => result.Cell);
        rows.AddRange(cells.Where(cell => byCell.Contains(cell)).Select(cell => Row(cell.ToString(), [.. byCell[cell]])));
        rows.Add(Row("all", results));
        var text = new StringBuilder();
        var widths = Heads.Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
            text.AppendLine(string.Join("  ", row.Select(Padded)));
        foreach (var impossible in cells.Where(cell => cell.Obstacle is not null))
            text.AppendLine(Culture, $"{impossible.ToString().PadRight(widths[0])}  not applicable: {impossible.Obstacle}");
        if (results.Select(result => result.Outage).OfType<Outage>().ToList() is { Count: > 0 } outages)
        {
            text.AppendLine(Culture, $"front killed {outages.Count} times: the port answered again after "
                + $"{Spread(outages, outage => outage.UntilAnswered)}, supervisord had started another front after {Spread(outages, outage => outage.UntilRestarted)}");
        }
        return text.ToString().TrimEnd();

        string Padded(string value, int column) => column == 0 ? value.PadRight(widths[0]) : value.PadLeft(widths[column]);
    }

    private static string[] Row(string name, IReadOnlyCollection<CellResult> results)
    {
        return
        [
            name, Number(results.Count),
            Sum(account => account.Ok), Sum(account => account.Held), Time(results.Max(result => result.Account.LongestHold)),
            Failed(Verdict.NoFront), Failed(Verdict.InKilledFront), Failed(Verdict.InKilledWorker),
            Failed(Verdict.Cut), Failed(Verdict.Refused),
            Sum(account => account.Lost.Count), Sum(account => account.Duplicated.Count),
            Problems(ProblemKind.WrongRelease), Problems(ProblemKind.Orphans),
            Problems(ProblemKind.NotAdopted), Problems(ProblemKind.Unsettled),
            Number(results.Count - results.Count(result => result.CountOf(ProblemKind.NextDeploy) > 0)),
            Number(results.Count(result => result.HasRolledBack)), Number(results.Sum(result => result.Missed)),
            Time(TimeSpan.FromTicks((long)results.Average(result => result.Took.Ticks))),
        ];

        string Sum(Func<Account, long> of) => Number(results.Sum(result => of(result.Account)));
        string Failed(Verdict verdict) => Sum(account => account.Of(verdict));
        string Problems(ProblemKind kind) => Number(results.Sum(result => result.CountOf(kind)));
    }

    private static string Spread(IReadOnlyCollection<Outage> outages, Func<Outage, TimeSpan> of)
    {
        var times = outages.Select(of).Order().ToList();
        return $"{Time(times[times.Count / 2])} (median), {Time(times[^1])} (most)";
    }

    private static string Number(long number) => number.ToString("N0", Culture);

    private static string Time(TimeSpan time) => time.TotalSeconds >= 1
        ? string.Create(Culture, $"{time.TotalSeconds:N1} s")
        : string.Create(Culture, $"{time.TotalMilliseconds:N0} ms");
}
