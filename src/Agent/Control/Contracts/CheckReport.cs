namespace BlueGreen.Agent.Control.Contracts;

/// <summary>What came of a look at a source.</summary>
/// <param name="App">The app.</param>
/// <param name="Source">The path or URL, without secrets.</param>
/// <param name="At">When the look was over.</param>
/// <param name="Result">
/// unchanged; settling: something is being written there; deployed; available: new, and for somebody to deploy; refused: its deployment
/// failed; failed: nothing could be had from it.
/// </param>
/// <param name="Detail">The same in one line for people.</param>
/// <param name="Label">What the source has is called this; null: not known.</param>
/// <param name="Digest">sha256 of its content; null: not known.</param>
/// <param name="Release">The release it became; null: none.</param>
internal sealed record CheckReport(
    string App, string Source, DateTimeOffset At, string Result, string Detail, string? Label, string? Digest, int? Release);
