namespace BlueGreen.Harness;

/// <summary>A line a process printed.</summary>
/// <param name="Text">Without its end.</param>
/// <param name="At">When it was read: a <c>Stopwatch.GetTimestamp()</c>.</param>
/// <param name="IsError">Whether it came from standard error.</param>
public readonly record struct OutputLine(string Text, long At, bool IsError);
