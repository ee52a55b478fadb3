using System.ComponentModel;
using System.Runtime.InteropServices;

namespace BlueGreen.Agent.State;

/// <summary>The two steps of a durable replacement that .NET's file API lacks.</summary>
internal static partial class DurableFile
{
    private const int ReadOnlyDirectory = 0x90000; // open(2): O_RDONLY | O_DIRECTORY | O_CLOEXEC

    /// <summary>Gives a file a second name (link(2)).</summary>
    /// <exception cref="IOException">It was refused.</exception>
    public static void AddName(string existing, string additional)
    {
        if (link(existing, additional) != 0)
        {
            throw LastError(additional);
        }
    }

    /// <summary>Makes renames inside a folder last: flushing a file does not cover its directory entry (fsync(2)).</summary>
    /// <exception cref="IOException">It was refused.</exception>
    public static void FlushDirectory(string directory)
    {
        var handle = open(directory, ReadOnlyDirectory);
        if (handle < 0)
        {
            throw LastError(directory);
        }

        var flushed = fsync(handle);
        var error = flushed == 0 ? null : LastError(directory);
        _ = close(handle);
        if (error is not null)
        {
            throw error;
        }
    }

    private static IOException LastError(string path) =>
        new($"{path}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int link(string existing, string additional);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int fsync(int handle);

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int close(int handle);
}
