using System.Globalization;

namespace BlueGreen.Faults.Accounting;

/// <summary>What the workers wrote down of the POSTs of one load: the truth about what was done, and by whom.</summary>
public sealed class RecordFile
{
    private readonly Dictionary<string, List<int>> _writers = new(StringComparer.Ordinal);

    /// <summary>Reads the lines <c>ID PID</c> whose ids begin with a prefix; others are of other loads.</summary>
    public static RecordFile Read(string path, string prefix)
    {
        var record = new RecordFile();
        foreach (var line in File.Exists(path) ? File.ReadLines(path) : [])
            if (line.StartsWith(prefix, StringComparison.Ordinal) && line.Split(' ') is [var id, var pid])
            {
                if (!record._writers.TryGetValue(id, out var writers))
                    record._writers.Add(id, writers = []);
                writers.Add(int.Parse(pid, CultureInfo.InvariantCulture));
            }
        return record;
    }

    /// <summary>The ids that were written more than once.</summary>
    public IReadOnlyList<string> Duplicated => [.. _writers.Where(pair => pair.Value.Count > 1).Select(pair => pair.Key)];

    /// <summary>The worker processes that wrote an id, one entry for each time.</summary>
    public IReadOnlyList<int> WritersOf(string id) => _writers.GetValueOrDefault(id) ?? [];
}
