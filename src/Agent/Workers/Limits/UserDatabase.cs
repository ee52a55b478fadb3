using System.Globalization;
using System.Runtime.InteropServices;

namespace BlueGreen.Agent.Workers.Limits;

/// <summary>The users and groups of this machine. Asks as every program does, so other sources than /etc/passwd count too (nsswitch.conf(5)).</summary>
internal static partial class UserDatabase
{
    private const int OutOfRange = 34; // ERANGE: the buffer is too small

    /// <summary>sysconf(3), _SC_GETPW_R_SIZE_MAX says 1024; a group with very many members needs more.</summary>
    private const int FirstBytes = 64 * 1024;

    private const int MostBytes = 16 * 1024 * 1024;

    /// <summary>A user by name, else by number; null when there is none.</summary>
    public static UserEntry? FindUser(string nameOrNumber) =>
        Ask((buffer, size) => (getpwnam_r(nameOrNumber, out var entry, buffer, size, out var found), found == 0 ? null : User(entry)))
        ?? (IsNumber(nameOrNumber, out var uid) ? FindUser(uid) : null);

    /// <summary>A user by number; null when it is nobody's.</summary>
    public static UserEntry? FindUser(uint uid) =>
        Ask((buffer, size) => (getpwuid_r(uid, out var entry, buffer, size, out var found), found == 0 ? null : User(entry)));

    /// <summary>The number of a group by name, else by number; null when there is none.</summary>
    public static uint? FindGroup(string nameOrNumber) =>
        (Ask((buffer, size) => (getgrnam_r(nameOrNumber, out var entry, buffer, size, out var found), found == 0 ? null : (object)entry.Gid))
        ?? (IsNumber(nameOrNumber, out var gid)
            ? Ask((buffer, size) => (getgrgid_r(gid, out var entry, buffer, size, out var found), found == 0 ? null : (object)entry.Gid))
            : null)) as uint?;

    private static bool IsNumber(string text, out uint number) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static UserEntry User(Passwd entry) =>
        new(Marshal.PtrToStringUTF8(entry.Name)!, entry.Uid, entry.Gid, Marshal.PtrToStringUTF8(entry.Home) ?? "/");

    /// <summary>The texts of an entry lie in the buffer, so it is read before that is let go.</summary>
    private static T? Ask<T>(Func<nint, nint, (int Error, T? Entry)> ask)
        where T : class
    {
        for (var size = FirstBytes; ; size *= 4)
        {
            var buffer = Marshal.AllocHGlobal(size);
            try
            {
                var (error, entry) = ask(buffer, size);
                if (error != OutOfRange || size >= MostBytes)
                {
                    return error == 0 ? entry : null;
                }
            }
            finally
            {
                Marshal.FreeHGlobal(buffer);
            }
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int getpwnam_r(string name, out Passwd entry, nint buffer, nint size, out nint found);

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int getpwuid_r(uint uid, out Passwd entry, nint buffer, nint size, out nint found);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int getgrnam_r(string name, out Group entry, nint buffer, nint size, out nint found);

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int getgrgid_r(uint gid, out Group entry, nint buffer, nint size, out nint found);

    /// <summary>struct passwd, the same in glibc and musl on 64 bits.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Passwd
    {
        public nint Name;
        public nint Password;
        public uint Uid;
        public uint Gid;
        public nint Comment;
        public nint Home;
        public nint Shell;
    }

    /// <summary>struct group.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Group
    {
        public nint Name;
        public nint Password;
        public uint Gid;
        public nint Members;
    }
}
