using System.Text.Json;
using BlueGreen.Agent.Releases.Disk;

namespace BlueGreen.Agent.Releases;

/// <summary>The file <c>N.json</c> beside a release's folder. Its appearance is what makes the folder a release.</summary>
internal static class DescriptionFile
{
    private static readonly FileStreamOptions NewFile = new()
    {
        Mode = FileMode.CreateNew,
        Access = FileAccess.Write,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite, // the environment may hold secrets
    };

    /// <summary>Reads a description.</summary>
    /// <exception cref="ReleaseException">
    /// It is damaged, of a form this version does not know, or describes another number.
    /// </exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Release Read(string path, int number, string directory)
    {
        ReleaseDescription? description;
        try
        {
            description = JsonSerializer.Deserialize(File.ReadAllBytes(path), ReleaseJson.Default.ReleaseDescription);
        }
        catch (JsonException damage)
        {
            throw new ReleaseException($"{path} is damaged: {damage.Message}", damage);
        }

        return description switch
        {
            { Version: not ReleaseDescription.CurrentVersion } => throw new ReleaseException(
                $"{path} has version {description.Version}; this program reads version {ReleaseDescription.CurrentVersion}"),
            null => throw new ReleaseException($"{path} is damaged: it describes nothing"),
            _ when description.Number != number => throw new ReleaseException($"{path} describes release {description.Number}"),
            _ => description.ToRelease(directory),
        };
    }

    /// <summary>
    /// Writes a description so that it is there whole or not at all, also after a power cut, and never before the content it
    /// speaks of. The files of a release are not flushed one by one, which costs a journal commit each: one <c>syncfs</c> between
    /// content and description gives the same order for some milliseconds in all.
    /// </summary>
    /// <exception cref="IOException">
    /// The disk is full or fails. The description may be there all the same when only the last flush failed.
    /// </exception>
    public static void Write(string path, Release release)
    {
        string folder = Path.GetDirectoryName(path)!;
        string temporary = Path.Combine(folder, HiddenName.ForDescription(release.Number));
        try
        {
            using (var file = new FileStream(temporary, NewFile))
            {
                JsonSerializer.Serialize(file, ReleaseDescription.Of(release), ReleaseJson.Default.ReleaseDescription);
                file.Flush();
                DiskFlush.WholeFileSystem(file.SafeFileHandle);
            }

            File.Move(temporary, path);
            DiskFlush.Folder(folder);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
