using System.Globalization;
using System.Text.Json;
using BlueGreen.Agent.Releases.Disk;

namespace BlueGreen.Agent.Deployments.Roles;

/// <summary>
/// The file that tells a worker its role, replaced as a whole, and the one beside it in which a worker without HTTP acknowledges it by the
/// generation it has read.
/// </summary>
/// <param name="path">Its path; the folder can be the worker's own, who may be another user than the front's.</param>
/// <param name="own">A folder of the front's own on the same disk, in which the file is written: nobody else can have put a link there.</param>
internal sealed class RoleFile(string path, string own)
{
    /// <summary>What follows the path of the file in that of the acknowledgement.</summary>
    public const string AcknowledgementEnding = ".ack";

    /// <summary>What it says is no secret, and its folder shut to whom it does not concern.</summary>
    private const UnixFileMode ForAll =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>More than a number has.</summary>
    private const int MostBytes = 64;

    private string Acknowledgement => path + AcknowledgementEnding;

    /// <summary>The path of a worker's file.</summary>
    /// <param name="folder">The folder of all of them.</param>
    /// <param name="worker">The worker's id.</param>
    public static string PathOf(string folder, string worker) => Path.Combine(folder, worker + ".role");

    /// <summary>Replaces what it says. Whoever reads it sees the old or the new one; a link in its place is replaced, not followed (rename(2)).</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Write(RoleMessage message)
    {
        var next = Path.Combine(own, Path.GetFileName(path) + ".next");
        File.WriteAllText(next, message.ToJson() + "\n");
        File.SetUnixFileMode(next, ForAll);
        File.Move(next, path, overwrite: true);
    }

    /// <summary>What it says; null: nothing, or nothing sensible.</summary>
    public RoleMessage? Read()
    {
        try
        {
            return IsFile(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), RoleJson.Default.RoleMessage) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>The generation that the worker has acknowledged last; null: none, or nothing sensible.</summary>
    public long? Acknowledged()
    {
        try
        {
            if (!IsFile(Acknowledgement))
            {
                return null;
            }

            using var file = new FileStream(Acknowledgement, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[MostBytes];
            var text = System.Text.Encoding.ASCII.GetString(bytes, 0, file.ReadAtLeast(bytes, MostBytes, throwOnEndOfStream: false));
            return long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var generation) ? generation : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Not a pipe, which nobody may ever write to, nor a link to what is not the worker's to show.</summary>
    private static bool IsFile(string path) => FileStatus.Of(path) is { Kind: FileKind.File };

    /// <summary>Removes both; what cannot be removed does no harm.</summary>
    public void Remove()
    {
        foreach (var file in (string[])[path, Acknowledgement])
        {
            try
            {
                File.Delete(file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The folder is gone, or read-only.
            }
        }
    }
}
