namespace BlueGreen.Benchmarks.WarmUp;

/// <summary>One request of a load, on the clock of <c>Stopwatch</c>.</summary>
/// <param name="Sent">When it was sent.</param>
/// <param name="Took">From the moment it was due to the end of its answer.</param>
/// <param name="Release">Which release answered it.</param>
internal readonly record struct LoadedRequest(long Sent, long Took, string Release);
