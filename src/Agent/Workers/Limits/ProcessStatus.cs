using System.Globalization;

namespace BlueGreen.Agent.Workers.Limits;

/// <summary>Lines of /proc/PID/status (proc(5)).</summary>
internal static class ProcessStatus
{
    /// <summary>
    /// The user of a process; null when it has ended, or when its real, effective, saved and file system user are not one and the same.
    /// </summary>
    public static uint? UserOf(int pid) =>
        Line(pid.ToString(CultureInfo.InvariantCulture), "Uid:") is { } line
        && line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [var user, .. var others] && others.All(other => other == user)
            ? uint.Parse(user, CultureInfo.InvariantCulture)
            : null;

    /// <summary>What follows a name; null when the process has ended.</summary>
    /// <param name="process">A pid, or <c>self</c>.</param>
    /// <param name="name">The name, with its colon.</param>
    public static string? Line(string process, string name)
    {
        try
        {
            return File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
