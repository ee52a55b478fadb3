namespace BlueGreen.Benchmarks.Running;

/// <summary>Something that is measured.</summary>
/// <param name="Name">Its head in the table.</param>
/// <param name="Key">Its name in JSON; a promise.</param>
/// <param name="Format">How it is written.</param>
internal sealed record Figure(string Name, string Key, string Format)
{
    public static readonly Figure Rate = new("req/s", "requestsPerSecond", "N0");
    public static readonly Figure P50 = new("p50 ms", "p50Milliseconds", "N2");
    public static readonly Figure P99 = new("p99 ms", "p99Milliseconds", "N2");
    public static readonly Figure P999 = new("p99.9 ms", "p999Milliseconds", "N2");
    public static readonly Figure Cpu = new("CPU us/req", "cpuMicrosecondsPerRequest", "N1");
    public static readonly Figure Peak = new("peak MB", "peakMegabytes", "N0");
    public static readonly Figure Failed = new("failed", "failed", "N0");
    public static readonly Figure PerConnection = new("KB/connection", "kilobytesPerConnection", "N1");
    public static readonly Figure Before = new("MB before", "megabytesBefore", "N0");
    public static readonly Figure After = new("MB with them", "megabytesAfter", "N0");
    public static readonly Figure Gone = new("MB after they closed", "megabytesGone", "N0");
    public static readonly Figure FirstAnswer = new("first answer ms", "firstAnswerMilliseconds", "N0");
    public static readonly Figure P99Before = new("p99 ms before", "p99MillisecondsBefore", "N2");
    public static readonly Figure P99During = new("p99 ms in the second of it", "p99MillisecondsDuring", "N2");
    public static readonly Figure P99After = new("p99 ms after", "p99MillisecondsAfter", "N2");
    public static readonly Figure Worse = new("p99, times before", "p99Ratio", "N2");
}
