namespace BlueGreen.Agent.Control.Contracts;

/// <summary>A process type of the active release, or of one whose processes have not ended yet.</summary>
/// <param name="Type">Its name.</param>
/// <param name="Singleton">Whether never more than one of it lives.</param>
/// <param name="Wanted">How many of it are to run.</param>
/// <param name="Processes">Those that live, or have not been seen to be gone.</param>
/// <param name="Failures">Of those that are wanted and do not stay up: why the last try failed, a line each. They are tried again, with growing pauses.</param>
internal sealed record ProcessTypeReport(
    string Type, bool Singleton, int Wanted, IReadOnlyList<ProcessReport> Processes, IReadOnlyList<string> Failures);
