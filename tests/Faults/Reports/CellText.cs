using System.Globalization;
using System.Text;
using BlueGreen.Faults.Running;

namespace BlueGreen.Faults.Reports;

/// <summary>What came of one fault that did not go well, for people.</summary>
public static class CellText
{
    private const int MostLines = 8;
    private const int MostLogLines = 40;

    /// <summary>The problems, a few of the lost requests, and the end of what the front printed.</summary>
    public static string Of(CellResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{result.Cell}: {result.Account.Lost.Count} lost, {result.Account.Duplicated.Count} twice, {result.Problems.Count} problems");
        foreach (var problem in result.Problems)
            text.AppendLine(CultureInfo.InvariantCulture, $"  {problem.Kind}: {problem.Text.Replace("\n", "\n    ", StringComparison.Ordinal)}");
        foreach (var line in result.Account.Lost.Take(MostLines).Concat(result.Account.Duplicated.Take(MostLines)))
            text.AppendLine(CultureInfo.InvariantCulture, $"  {line}");
        foreach (var line in result.FrontLog.TrimEnd().Split('\n').TakeLast(MostLogLines))
            text.AppendLine(CultureInfo.InvariantCulture, $"  | {line}");
        return text.ToString().TrimEnd();
    }
}
