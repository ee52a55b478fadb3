namespace BlueGreen.Agent.Releases.Fetching;

/// <summary>How far a download is.</summary>
/// <param name="Bytes">What is on the disk.</param>
/// <param name="Total">What there is; null: the source does not say.</param>
/// <param name="Rate">Bytes a second, lately.</param>
internal readonly record struct FetchProgress(long Bytes, long? Total, long Rate);
