using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BlueGreen.Agent.AccessLogs;

/// <summary>
/// A file opened with O_APPEND (open(2)), which <see cref="FileMode.Append"/> does not: each write goes to where the file ends at that
/// moment, also after somebody has truncated it. Not only files: a terminal or a named pipe is as good.
/// </summary>
internal sealed partial class AppendOnlyFile : IDisposable
{
    private const int WriteOnly = 1;
    private const int Create = 0x40;
    private const int AtEnd = 0x400;
    private const int CloseOnExec = 0x80000;

    /// <summary>0640: addresses of clients are not for everybody.</summary>
    private const int Mode = 0b110_100_000;

    private const int Interrupted = 4;

    private readonly SafeFileHandle _handle;

    private AppendOnlyFile(SafeFileHandle handle) => _handle = handle;

    /// <summary>How long it is; null for what has no length.</summary>
    public long? Length
    {
        get
        {
            try
            {
                return RandomAccess.GetLength(_handle);
            }
            catch (NotSupportedException)
            {
                return null;
            }
        }
    }

    /// <summary>Opens the file, or makes it.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static AppendOnlyFile Open(string path)
    {
        var handle = Open(path, WriteOnly | Create | AtEnd | CloseOnExec, Mode);
        if (handle.IsInvalid)
        {
            throw Failed();
        }

        return new AppendOnlyFile(handle);
    }

    /// <summary>Adds bytes at its end, as many as it takes at once.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="IOException">It takes none.</exception>
    public int Append(ReadOnlySpan<byte> bytes)
    {
        nint written;
        do
        {
            written = Write(_handle, bytes, bytes.Length);
        }
        while (written < 0 && Marshal.GetLastPInvokeError() == Interrupted);

        return written >= 0 ? (int)written : throw Failed();
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static IOException Failed() => new(Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError()));

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, nint count);
}
