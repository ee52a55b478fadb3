namespace BlueGreen.Agent.Control.Contracts;

/// <summary>Where an app's releases come from.</summary>
/// <param name="Source">The path or URL, without secrets.</param>
/// <param name="EveryMs">Milliseconds between two looks; null: it is looked at only when somebody asks.</param>
/// <param name="Deploy">What is done with something new: auto or notify.</param>
/// <param name="CheckedAt">The last look since the front's start; null: none.</param>
/// <param name="Result">What came of it: unchanged, settling, deployed, available, refused or failed.</param>
/// <param name="Detail">The same in one line for people.</param>
internal sealed record SourceReport(string Source, long? EveryMs, string Deploy, DateTimeOffset? CheckedAt, string? Result, string? Detail);
