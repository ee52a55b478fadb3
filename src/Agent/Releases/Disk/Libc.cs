using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BlueGreen.Agent.Releases.Disk;

/// <summary>What the store needs of the C library and .NET does not offer. All return -1 and set errno on failure.</summary>
internal static partial class Libc
{
    public const int AtCurrentFolder = -100;
    public const int AtSymlinkNoFollow = 0x100;
    public const uint StatxBasicStats = 0x7ff;
    public const int OpenCloseOnExec = 0x80000;

    /// <summary>As an id for <see cref="Chown"/>: stays as it is.</summary>
    public const uint Unchanged = uint.MaxValue;

    public const int NoSuchEntry = 2;
    public const int AccessDenied = 13;
    public const int NotAFolder = 20;
    public const int NoSpaceLeft = 28;
    public const int TooManyLinks = 40;
    public const int QuotaExceeded = 122;

    /// <summary>statx(2): unlike struct stat, its buffer has the same layout on every architecture.</summary>
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Statx(int folder, string path, int flags, uint mask, out StatxBuffer buffer);

    /// <summary>open(2) of a folder, which <see cref="File"/> refuses.</summary>
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeFileHandle Open(string path, int flags);

    /// <summary>rename(2), which takes links as they are.</summary>
    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Rename(string from, string to);

    /// <summary>link(2): a second name for a file.</summary>
    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Link(string existing, string additional);

    /// <summary>chown(2).</summary>
    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Chown(string path, uint user, uint group);

    /// <summary>fsync(2).</summary>
    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Fsync(SafeFileHandle file);

    /// <summary>syncfs(2).</summary>
    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    public static partial int Syncfs(SafeFileHandle file);

    /// <summary>The fields of struct statx that are read.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    public struct StatxBuffer
    {
        [FieldOffset(24)] public uint Group;
        [FieldOffset(28)] public ushort Mode;
        [FieldOffset(32)] public ulong Inode;
        [FieldOffset(40)] public long Size;
        [FieldOffset(112)] public long ModifiedSeconds;
        [FieldOffset(120)] public uint ModifiedNanoseconds;
        [FieldOffset(136)] public uint DeviceMajor;
        [FieldOffset(140)] public uint DeviceMinor;
    }
}
