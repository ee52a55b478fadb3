using System.Globalization;
using System.Text;
using BlueGreen.Faults.Jobs;
using BlueGreen.Faults.Running;

namespace BlueGreen.Faults.Reports;

/// <summary>What came of deployments beside which something must run once, for people.</summary>
public static class OnceText
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>All of it.</summary>
    public static string Of(OnceResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var history = result.History;
        var text = new StringBuilder();
        text.AppendLine(Culture, $"{result.Took.TotalSeconds:N1} s; {string.Join(", ", Counts(result.Happenings))}");
        text.AppendLine(Culture, $"{history.Terms.Count} terms, generations {history.Terms.Select(term => term.Generation).DefaultIfEmpty().Min()} to "
            + $"{history.Terms.Select(term => term.Generation).DefaultIfEmpty().Max()}");
        text.AppendLine(Culture, $"{history.Overlaps.Count} OVERLAPS, {history.Clashes.Count} CLASHES, {history.Falls.Count} FALLS, {result.Problems.Count} problems");
        foreach (var overlap in history.Overlaps)
            text.AppendLine(Culture, $"  {overlap.First} and {overlap.Second} lived at once for {overlap.Length.TotalMilliseconds:N1} ms");
        foreach (var clash in history.Clashes)
            text.AppendLine(Culture, $"  {clash} began while another one held the lock");
        foreach (var fall in history.Falls)
            text.AppendLine(Culture, $"  {fall} follows one of a generation that is not lower");
        foreach (var problem in result.Problems)
            text.AppendLine(Culture, $"  {problem.Kind}: {problem.Text}");
        foreach (var group in history.Gaps.GroupBy(gap => NameOf(gap, result.Happenings)).OrderBy(group => group.Key, StringComparer.Ordinal))
            text.AppendLine(Gaps(group.Key, [.. group.Select(gap => gap.Length.TotalMilliseconds).Order()]));
        return text.ToString().TrimEnd();
    }

    private static string Gaps(string name, IReadOnlyList<double> lengths) => string.Create(Culture,
        $"without a job, {name}: {lengths.Count} times, median {lengths[lengths.Count / 2]:N0} ms, longest {lengths[^1]:N0} ms");

    private static string NameOf(JobGap gap, IReadOnlyList<Happening> happenings) =>
        $"{Happening.CauseOf(gap, happenings)}{(gap.IsHandover ? "" : " (it lived, but wrote nothing)")}";

    private static IEnumerable<string> Counts(IReadOnlyList<Happening> happenings) =>
        happenings.CountBy(one => one.Name).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} {pair.Value}");
}
