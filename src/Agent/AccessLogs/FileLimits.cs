namespace BlueGreen.Agent.AccessLogs;

/// <summary>How much of a log is kept.</summary>
/// <param name="Size">Bytes after which the file is set aside; 0: never.</param>
/// <param name="Keep">Files set aside that are kept.</param>
internal sealed record FileLimits(long Size, int Keep);
