namespace BlueGreen.Agent.Releases.Disk;

/// <summary>Deletes a folder with all that is in it; links in it are removed, not followed.</summary>
internal static class FolderRemoval
{
    /// <summary>Deletes the folder; nothing happens when there is none.</summary>
    /// <exception cref="IOException">Something in it cannot be deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">Something in it belongs to someone else.</exception>
    public static void Remove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (DirectoryNotFoundException) when (FileStatus.Of(path) is null)
        {
            // Gone already, which is what was asked for.
        }
        catch (UnauthorizedAccessException)
        {
            // A worker may have taken its own write permission from a folder it made.
            Unlock(path);
            Directory.Delete(path, recursive: true);
        }
    }

    private static void Unlock(string folder)
    {
        File.SetUnixFileMode(folder, Permissions.OfFolder(File.GetUnixFileMode(folder)));
        foreach (string inner in Directory.GetDirectories(folder))
        {
            if (FileStatus.Of(inner) is { Kind: FileKind.Folder })
            {
                Unlock(inner);
            }
        }
    }
}
