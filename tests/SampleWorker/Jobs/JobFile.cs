using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace BlueGreen.SampleWorker.Jobs;

/// <summary>
/// The file that every job of an app writes to: a line is <c>KIND PID TIME GENERATION RELEASE</c>, the time by CLOCK_MONOTONIC in
/// nanoseconds, the same clock for all processes of a machine. One line is one write(2).
/// </summary>
internal sealed class JobFile
{
    private readonly string _path;
    private readonly AppendOnlyFile _file;

    private JobFile(string path)
    {
        _path = path;
        _file = new AppendOnlyFile(path);
    }

    /// <summary>The file <c>JOB_FILE</c> names; null without it.</summary>
    public static JobFile? Open() => Environment.GetEnvironmentVariable("JOB_FILE") is { Length: > 0 } path ? new JobFile(path) : null;

    /// <summary>Appends a line.</summary>
    public void Append(string kind, long generation)
    {
        var release = Environment.GetEnvironmentVariable("BLUEGREEN_RELEASE");
        _file.Append(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"{kind} {Environment.ProcessId} {Stopwatch.GetTimestamp()} {generation} {release}\n")));
    }

    /// <summary>
    /// Takes the lock only one job can have (flock(2)). The kernel gives it free when the process is gone, however it ended: so it tells of
    /// overlaps that are too short for the lines to show.
    /// </summary>
    /// <returns>Null when another job has it.</returns>
    public IDisposable? TryLock()
    {
        try
        {
            return File.OpenHandle($"{_path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
