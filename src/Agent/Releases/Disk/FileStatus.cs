using System.Runtime.InteropServices;

namespace BlueGreen.Agent.Releases.Disk;

/// <summary>
/// What the file system says of a path. Two equal ones, taken before and after, mean that nobody wrote there in between.
/// .NET's own <see cref="FileInfo"/> does not tell a pipe or a socket from a file.
/// </summary>
/// <param name="Kind">File, folder, link or something else.</param>
/// <param name="Mode">Permissions, including setuid, setgid and sticky.</param>
/// <param name="Size">Bytes of a file.</param>
/// <param name="ModifiedAt">Last write, UTC; for a folder the last time an entry came or went.</param>
/// <param name="Device">Device number, major and minor.</param>
/// <param name="Inode">Number within the device.</param>
/// <param name="Group">The group it belongs to.</param>
internal readonly record struct FileStatus(
    FileKind Kind, UnixFileMode Mode, long Size, DateTime ModifiedAt, (uint Major, uint Minor) Device, ulong Inode, uint Group)
{
    private const int TypeMask = 0xF000;
    private const int TypeFolder = 0x4000;
    private const int TypeFile = 0x8000;
    private const int TypeLink = 0xA000;
    private const int ModeMask = 0xFFF;

    /// <summary>
    /// The status of a path, or null when nothing is there; a followed link that ends nowhere, or never, is nothing.
    /// </summary>
    /// <param name="path">The path.</param>
    /// <param name="follow">Whether a link's target is meant instead of the link.</param>
    /// <exception cref="UnauthorizedAccessException">A folder on the way may not be searched.</exception>
    /// <exception cref="IOException">Anything else.</exception>
    public static FileStatus? Of(string path, bool follow = false)
    {
        int flags = follow ? 0 : Libc.AtSymlinkNoFollow;
        if (Libc.Statx(Libc.AtCurrentFolder, path, flags, Libc.StatxBasicStats, out Libc.StatxBuffer buffer) == 0)
        {
            return From(buffer);
        }

        int error = Marshal.GetLastPInvokeError();
        return error switch
        {
            Libc.NoSuchEntry or Libc.NotAFolder or Libc.TooManyLinks => null,
            Libc.AccessDenied => throw new UnauthorizedAccessException($"Access to the path '{path}' is denied."),
            _ => throw new IOException($"{Marshal.GetPInvokeErrorMessage(error)} : '{path}'", error),
        };
    }

    /// <summary>Whether both are one and the same thing on disk, whatever the paths were.</summary>
    public bool IsSameAs(FileStatus other) => Inode == other.Inode && Device == other.Device;

    /// <summary>Whether anyone may execute it.</summary>
    public bool IsExecutable => Permissions.AreExecutable(Mode);

    private static FileStatus From(in Libc.StatxBuffer buffer) => new(
        (buffer.Mode & TypeMask) switch
        {
            TypeFile => FileKind.File,
            TypeFolder => FileKind.Folder,
            TypeLink => FileKind.Link,
            _ => FileKind.Special,
        },
        (UnixFileMode)(buffer.Mode & ModeMask),
        buffer.Size,
        DateTime.UnixEpoch.AddSeconds(buffer.ModifiedSeconds).AddTicks(buffer.ModifiedNanoseconds / TimeSpan.NanosecondsPerTick),
        (buffer.DeviceMajor, buffer.DeviceMinor),
        buffer.Inode,
        buffer.Group);
}
