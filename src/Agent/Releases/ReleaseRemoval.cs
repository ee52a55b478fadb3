using BlueGreen.Agent.Releases.Disk;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Releases;

/// <summary>Takes things out of the store. What cannot be removed is reported, and stays for the next start.</summary>
/// <param name="log">Told.</param>
internal sealed class ReleaseRemoval(ILogger log)
{
    /// <summary>
    /// Deletes a release. Without its description it is gone at once; its folder is renamed before it is emptied, so what a crash leaves is
    /// hidden.
    /// </summary>
    /// <returns>False when it is there still.</returns>
    public bool TryDelete(AppFolder folder, int number)
    {
        string description = folder.Description(number);
        string content = folder.Content(number);
        try
        {
            File.Delete(description);
            if (Directory.Exists(content))
            {
                string hidden = folder.Inside(HiddenName.ForDeletion(Path.GetFileName(content)));
                Directory.Move(content, hidden);
                FolderRemoval.Remove(hidden);
            }

            return true;
        }
        catch (DirectoryNotFoundException)
        {
            // The app has no folder: nothing to delete.
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            log.LogWarning(
                "Release {Release} of {App} is not deleted whole: {Reason}; the next start tries again",
                number, Path.GetFileName(folder.Path), failure.Message);
            return !File.Exists(description);
        }
    }

    /// <summary>Removes what a crash left of one app's releases.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be read.</exception>
    public void RemoveLeftovers(AppFolder folder)
    {
        var halves = folder.FolderNumbers.ToHashSet();
        halves.SymmetricExceptWith(folder.DescribedNumbers);
        foreach (int number in halves)
        {
            TryDelete(folder, number);
        }

        foreach (string hidden in folder.Hidden)
        {
            RemoveHidden(hidden);
        }
    }

    /// <summary>Removes what is being made, or deleted, and never was a release.</summary>
    public void RemoveHidden(string path)
    {
        try
        {
            // Not what a link leads to, if anywhere.
            if (FileStatus.Of(path) is { Kind: not FileKind.Folder })
            {
                File.Delete(path);
            }
            else
            {
                FolderRemoval.Remove(path);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            log.LogWarning("{Path} cannot be removed: {Reason}", path, failure.Message);
        }
    }
}
