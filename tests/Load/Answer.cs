namespace BlueGreen.Load;

/// <summary>One whole answer to one request.</summary>
/// <param name="Started">When the request was started, before its first byte left: a <c>Stopwatch.GetTimestamp()</c>.</param>
/// <param name="Ended">When the answer's last byte was read, on the same clock.</param>
/// <param name="Release">The answer's <c>X-Release</c>; empty where it has none.</param>
public readonly record struct Answer(long Started, long Ended, string Release);
