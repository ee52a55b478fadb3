using System.Runtime.InteropServices;

namespace BlueGreen.Agent.Workers.Limits;

/// <summary>Gives files to other users.</summary>
internal static partial class FileOwner
{
    /// <summary>As an id: stays as it is.</summary>
    private const uint Unchanged = uint.MaxValue;

    /// <summary>Changes who a file, not what a link leads to, belongs to (lchown(2)). False when it was refused.</summary>
    public static bool Change(string path, uint user, uint group = Unchanged) => lchown(path, user, group) == 0;

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int lchown(string path, uint user, uint group);
}
