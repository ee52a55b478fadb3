namespace BlueGreen.Harness;

/// <summary>What a process uses at a moment.</summary>
/// <param name="ResidentKilobytes">Memory that is in RAM (VmRSS).</param>
/// <param name="Threads">Its threads.</param>
/// <param name="Descriptors">Its open file descriptors.</param>
public readonly record struct ProcessUsage(long ResidentKilobytes, int Threads, int Descriptors);
