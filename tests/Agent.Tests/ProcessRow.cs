using System.Globalization;

namespace BlueGreen.Agent.Tests;

/// <summary>A process as /proc/PID/stat shows it (proc(5), fields 1 and 3 to 6).</summary>
internal sealed record ProcessRow(int Pid, char State, int Parent, int Group, int Session)
{
    /// <summary>False for one that has ended and only waits to be reaped.</summary>
    public bool IsAlive => State is not ('Z' or 'X');

    /// <summary>The process with this pid, or null.</summary>
    public static ProcessRow? Find(int pid)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var numbers = fields[1..4].Select(field => int.Parse(field, CultureInfo.InvariantCulture)).ToArray();
            return new ProcessRow(pid, fields[0][0], numbers[0], numbers[1], numbers[2]);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The living processes of a group.</summary>
    public static IReadOnlyList<ProcessRow> LivingIn(int group) =>
        [.. Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var pid) ? Find(pid) : null)
            .OfType<ProcessRow>()
            .Where(process => process.Group == group && process.IsAlive)];
}
