namespace BlueGreen.Agent.Cli;

/// <summary>Rows for people, in columns as wide as they need be. The last column is not filled up.</summary>
internal static class TextTable
{
    private const string Gap = "  ";

    /// <summary>Lays out rows.</summary>
    /// <param name="heads">The names of the columns.</param>
    /// <param name="rows">The rows, with as many texts each.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<string> heads, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        IReadOnlyList<IReadOnlyList<string>> all = [heads, .. rows];
        int[] widths = [.. heads.Select((_, column) => all.Max(row => row[column].Length))];
        return all.Select(row => string.Join(Gap, row.Select((text, column) => text.PadRight(widths[column]))).TrimEnd());
    }
}
