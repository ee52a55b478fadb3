using System.Globalization;

namespace BlueGreen.Agent.Workers;

/// <summary>How a worker ended.</summary>
/// <param name="Status">
/// The exit status as a shell shows it: 0 to 127 the program's own, 128 + N killed by signal N. Null when it is not known: only the
/// parent of a process is told.
/// </param>
/// <param name="After">How long it had run.</param>
internal sealed record WorkerExit(int? Status, TimeSpan After)
{
    private const int SignalBase = 128;
    private const double BytesPerMebibyte = 1024 * 1024;

    /// <summary>The limit on its memory, in bytes, where the kernel has killed for that; whatever ended then, the rest was of no use.</summary>
    public long? ExceededMemory { get; init; }

    /// <summary>"exit status 3", "killed by SIGKILL".</summary>
    public string Description => ExceededMemory is { } bytes
        ? string.Create(CultureInfo.InvariantCulture, $"out of memory: it needed more than the {bytes / BytesPerMebibyte:0.#} MiB of limits.memory, and the kernel killed it")
        : HowItEnded;

    private string HowItEnded => Status switch
    {
        null => "exit status unknown (another front had started it)",
        > SignalBase and var status when SignalName(status - SignalBase) is { } name => $"killed by {name}",
        _ => $"exit status {Status}",
    };

    // signal(7), x86 and ARM numbering.
    private static string? SignalName(int signal) => signal switch
    {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        15 => "SIGTERM",
        _ => null,
    };
}
