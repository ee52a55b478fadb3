namespace BlueGreen.Load;

/// <summary>How often a release answered.</summary>
/// <param name="Release">The answers' <c>X-Release</c>; empty where they have none.</param>
/// <param name="Label">Their <c>X-Label</c>; empty where they have none.</param>
/// <param name="Requests">Whole answers, whatever their status.</param>
public sealed record ReleaseSeen(string Release, string Label, long Requests);
