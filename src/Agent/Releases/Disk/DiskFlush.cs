using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BlueGreen.Agent.Releases.Disk;

/// <summary>Waits until the disk has what was written. Throws <see cref="IOException"/> when it could not take it.</summary>
internal static class DiskFlush
{
    /// <summary>Everything on the file system that holds <paramref name="file"/>, in one go.</summary>
    public static void WholeFileSystem(SafeFileHandle file) => Check(Libc.Syncfs(file), "cannot flush the file system");

    /// <summary>The names in a folder, so that a rename there survives a power cut.</summary>
    public static void Folder(string path)
    {
        using SafeFileHandle folder = Libc.Open(path, Libc.OpenCloseOnExec);
        Check(folder.IsInvalid ? -1 : Libc.Fsync(folder), $"cannot flush {path}");
    }

    private static void Check(int result, string what)
    {
        if (result != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            throw new IOException($"{what}: {Marshal.GetPInvokeErrorMessage(error)}", error);
        }
    }
}
