namespace BlueGreen.Agent.Control.Contracts;

/// <summary>A release that has yet to prove itself.</summary>
/// <param name="Release">Its number.</param>
/// <param name="Until">When it has.</param>
/// <param name="Fallback">The release the app goes back to by itself when a worker crashes or fails its checks before.</param>
internal sealed record ProbationReport(int Release, DateTimeOffset Until, int Fallback);
