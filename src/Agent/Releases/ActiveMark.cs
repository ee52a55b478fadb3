using System.Runtime.InteropServices;
using BlueGreen.Agent.Releases.Disk;

namespace BlueGreen.Agent.Releases;

/// <summary>
/// The link <c>APP/active</c> to the folder of the release that serves. It is there in case the state is lost; and people may use it to
/// get at the files.
/// </summary>
internal static class ActiveMark
{
    private const string Name = "active";

    /// <summary>Points the link to a release, by one rename: it is never missing meanwhile.</summary>
    /// <exception cref="IOException">It cannot be written, or what is there is no link.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not this user's to write.</exception>
    public static void Write(AppFolder folder, int number)
    {
        string temporary = folder.Inside(HiddenName.ForMark());
        File.CreateSymbolicLink(temporary, Path.GetFileName(folder.Content(number)));
        // File.Move follows links to see whether there is a file.
        if (Libc.Rename(temporary, folder.Inside(Name)) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            File.Delete(temporary);
            throw new IOException($"{folder.Inside(Name)} cannot be replaced: {Marshal.GetPInvokeErrorMessage(error)}", error);
        }

        DiskFlush.Folder(folder.Path);
    }

    /// <summary>The release the link points to; null when there is no link, or it points to none.</summary>
    public static int? Read(AppFolder folder)
    {
        try
        {
            return new FileInfo(folder.Inside(Name)).LinkTarget is { } target
                && AppFolder.Number(target) is { } number
                && Directory.Exists(folder.Content(number))
                    ? number
                    : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
