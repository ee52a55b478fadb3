using System.Globalization;
using System.Text;
using BlueGreen.Faults.Accounting;
using BlueGreen.Faults.Running;

namespace BlueGreen.Faults.Reports;

/// <summary>What came of a soak, of many deploys, or of cutting the state short, for people.</summary>
public static class RunText
{
    private const int MostLines = 20;
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>What came of a soak.</summary>
    public static string Of(SoakResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var text = new StringBuilder();
        text.AppendLine(Culture, $"{result.Took.TotalSeconds:N1} s; faults: {List(result.Faults)}, nobody {result.Nobody}");
        text.AppendLine(Culture, $"commands by exit code: {List(result.Commands)}");
        if (result.Outages.Count > 0)
            text.AppendLine(Culture, $"the port answered again after at most {result.Outages.Max(outage => outage.UntilAnswered).TotalSeconds:N1} s");
        Append(text, result.Account, result.Problems);
        return text.ToString().TrimEnd();
    }

    /// <summary>What came of many deploys.</summary>
    public static string Of(DeploysResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var text = new StringBuilder();
        text.AppendLine(Culture, $"{result.Took.TotalSeconds:N1} s; {(result.Growth is { } growth ? $"GROWN: {growth}" : "the front has not grown")}");
        foreach (var sample in result.Samples)
            text.AppendLine(Of(sample));
        Append(text, result.Account, result.Problems);
        return text.ToString().TrimEnd();
    }

    /// <summary>What a front uses.</summary>
    public static string Of(FrontSample sample) => string.Create(Culture,
        $"after {sample.Deploys} deploys and {sample.After.TotalSeconds:N0} s: {sample.Usage.ResidentKilobytes / 1024.0:N1} MB, "
        + $"{sample.Usage.Threads} threads, {sample.Usage.Descriptors} descriptors");

    /// <summary>What came of cutting the state short.</summary>
    public static string Of(TruncateResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var text = new StringBuilder();
        text.AppendLine(Culture, $"{result.Tried} positions of {result.Bytes} bytes, {result.Problems.Count} problems");
        foreach (var problem in result.Problems)
            text.AppendLine(Culture, $"  {problem.Kind}: {problem.Text}");
        return text.ToString().TrimEnd();
    }

    private static void Append(StringBuilder text, Account account, IReadOnlyList<Problem> problems)
    {
        text.AppendLine(Culture, $"{account.Ok:N0} ok, of which {account.Held:N0} held, at most {account.LongestHold.TotalMilliseconds:N0} ms");
        foreach (var (verdict, number) in account.Failed.Where(pair => pair.Key != Verdict.Lost).OrderBy(pair => pair.Key))
            text.AppendLine(Culture, $"{number:N0} {verdict}");
        text.AppendLine(Culture, $"{account.Lost.Count:N0} LOST, {account.Duplicated.Count:N0} TWICE, {problems.Count:N0} problems");
        foreach (var problem in problems)
            text.AppendLine(Culture, $"  {problem.Kind}: {problem.Text}");
        foreach (var line in account.Lost.Take(MostLines).Concat(account.Duplicated.Take(MostLines)))
            text.AppendLine(Culture, $"  {line}");
    }

    private static string List<TKey>(IReadOnlyDictionary<TKey, int> counts) =>
        string.Join(", ", counts.OrderBy(pair => $"{pair.Key}", StringComparer.Ordinal).Select(pair => $"{pair.Key} {pair.Value}"));
}
