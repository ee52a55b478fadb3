using BlueGreen.Agent.Releases.Disk;
using BlueGreen.Agent.Releases.Verification;

namespace BlueGreen.Agent.Releases;

/// <summary>
/// A copy that is complete but has no number yet. Deletes itself unless the store commits it. Used by one deployment.
/// </summary>
/// <param name="folder">Absolute path of the hidden folder around the content.</param>
internal sealed class StagedRelease(string folder) : IDisposable
{
    /// <summary>Absolute path of the content, until it is committed.</summary>
    public required string Directory { get; init; }

    /// <inheritdoc cref="Release.Digest"/>
    public required string Digest { get; init; }

    /// <inheritdoc cref="Release.SizeBytes"/>
    public required long SizeBytes { get; init; }

    /// <inheritdoc cref="Release.Source"/>
    public required string Source { get; init; }

    /// <summary>The name of what was copied, without an archive's ending.</summary>
    public required string Label { get; init; }

    /// <inheritdoc cref="Release.Verified"/>
    public VerifiedFile? Verified { get; init; }

    /// <summary>Removes what is in the staging folder: all of it, or after a commit the empty rest.</summary>
    public void Dispose()
    {
        try
        {
            FolderRemoval.Remove(folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It is hidden, so it does no harm, and the next start tries again.
        }
    }
}
