namespace BlueGreen.Agent.Control.Contracts;

/// <summary>What a reload did.</summary>
/// <param name="Applied">Changes that are in force now, or from the next release on; one line each.</param>
/// <param name="NeedsRestart">Changes that need a restart of the front.</param>
/// <param name="Errors">What is wrong with the file; then nothing was applied.</param>
internal sealed record ReloadReport(IReadOnlyList<string> Applied, IReadOnlyList<string> NeedsRestart, IReadOnlyList<string> Errors);
