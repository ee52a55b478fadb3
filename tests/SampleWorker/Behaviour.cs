using System.Globalization;

namespace BlueGreen.SampleWorker;

/// <summary>
/// How this worker misbehaves. Read from the file <c>behaviour</c> beside the program (lines <c>key=value</c>), so that a
/// release is good or bad by its content, and from the environment: <c>SAMPLE_START_DELAY_MS</c> is the key
/// <c>start-delay-ms</c> and wins over the file.
/// </summary>
internal sealed class Behaviour
{
    private const string FileName = "behaviour";
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>Time before it listens. Default none.</summary>
    public TimeSpan StartDelay => TimeSpan.FromMilliseconds(Number("start-delay-ms") ?? 0);

    /// <summary>The exit code with which it ends instead of starting. Null (the default): it starts.</summary>
    public int? ExitAtStart => Number("exit-at-start");

    /// <summary>Whether it never listens. Default false.</summary>
    public bool HangAtStart => Flag("hang-at-start");

    /// <summary>The status of <c>/healthz</c>. Default 200.</summary>
    public int HealthStatus => Number("health-status") ?? StatusCodes.Status200OK;

    /// <summary>A file: while it is there, <c>/healthz</c> answers 503. Default none.</summary>
    public string? UnhealthyWhile => Text("unhealthy-while");

    /// <summary>When it dies by itself, counted from its start. Null (the default): never.</summary>
    public TimeSpan? ExitAfter => Number("exit-after-ms") is { } ms ? TimeSpan.FromMilliseconds(ms) : null;

    /// <summary>Whether it goes on as if SIGTERM had not come. Default false.</summary>
    public bool IgnoreSigterm => Flag("ignore-sigterm");

    /// <summary>A line it prints before anything else. Default none.</summary>
    public string? PrintAtStart => Text("print-at-start");

    /// <summary>What it calls itself instead of <c>BLUEGREEN_LABEL</c>. Default none.</summary>
    public string? Label => Text("label");

    /// <summary>The exit code with which <c>--cron</c> ends instead of starting. Null (the default): it starts.</summary>
    public int? CronExitAtStart => Number("cron-exit-at-start");

    /// <summary>When <c>--cron</c> dies by itself, counted from its start. Null (the default): never.</summary>
    public TimeSpan? CronExitAfter => Number("cron-exit-after-ms") is { } ms ? TimeSpan.FromMilliseconds(ms) : null;

    /// <summary>Whether <c>--cron</c> goes on as if SIGTERM had not come. Default false.</summary>
    public bool CronIgnoresSigterm => Flag("cron-ignore-sigterm");

    /// <summary>How long a job goes on after it was told to end. Default not at all.</summary>
    public TimeSpan JobStopTime => TimeSpan.FromMilliseconds(Number("job-stop-ms") ?? 0);

    /// <summary>The time between its being told a role and its taking it. Default none.</summary>
    public TimeSpan RoleDelay => TimeSpan.FromMilliseconds(Number("role-delay-ms") ?? 0);

    /// <summary>Whether it reads its role from the file instead of being told over HTTP. Default false.</summary>
    public bool RoleFromFile => Flag("role-file");

    /// <summary>What it takes no notice of: standby, active, draining or leader. Default nothing.</summary>
    public string? RoleDeafTo => Text("role-deaf-to");

    /// <summary>What it does when it is told to, but does not acknowledge. Default nothing.</summary>
    public string? RoleMuteTo => Text("role-mute-to");

    /// <summary>Reads the file beside the program, if there is one.</summary>
    public static Behaviour Load()
    {
        var behaviour = new Behaviour();
        var file = Path.Combine(AppContext.BaseDirectory, FileName);
        foreach (var line in File.Exists(file) ? File.ReadLines(file) : [])
            if (line.Split('=', 2) is [var key, var value])
                behaviour._values[key.Trim()] = value.Trim();
        return behaviour;
    }

    private string? Text(string key) =>
        Environment.GetEnvironmentVariable($"SAMPLE_{key.Replace('-', '_').ToUpperInvariant()}") ?? _values.GetValueOrDefault(key);

    private int? Number(string key) => Text(key) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private bool Flag(string key) => Text(key) == "true";
}
