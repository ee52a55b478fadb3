using System.Runtime.InteropServices;
using BlueGreen.Agent.Releases.Disk;

namespace BlueGreen.Agent.Releases;

/// <summary>
/// Lets a group, that of a user whom workers run as, enter a release. Other users of the machine see as little of it as before: the folder of
/// a release is the gate, which opens for one group; behind it all may be read that its owner may read, however private it was in the
/// source. The releases beside it and their descriptions, which may hold secrets, stay shut.
/// </summary>
internal static class ReleaseAccess
{
    /// <summary>rwx--x--x: may be passed, not looked into.</summary>
    private const UnixFileMode Passage =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static readonly EnumerationOptions EveryOne = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None };

    /// <summary>Whether other users can get to the releases of a store, so that each release has to shut itself.</summary>
    public static bool IsPassed(string store) => (File.GetUnixFileMode(store) & UnixFileMode.OtherExecute) != 0;

    /// <summary>Shuts a release, or what is to become one. One that is open for a group stays so.</summary>
    public static void Shut(string directory) => Change(directory, Permissions.NotForOthers);

    /// <summary>Opens a release, and the way to it within its app.</summary>
    /// <param name="app">The folder of its app.</param>
    /// <param name="directory">Its content.</param>
    /// <param name="group">The group.</param>
    /// <exception cref="IOException">It was refused.</exception>
    /// <exception cref="UnauthorizedAccessException">It is not this user's.</exception>
    public static void Open(AppFolder app, string directory, uint group)
    {
        Change(app.Path, static _ => Passage);
        FileStatus gate = FileStatus.Of(directory) ?? throw new DirectoryNotFoundException($"{directory} is gone");
        if (gate.Group == group && gate.Mode == Permissions.OfGate(gate.Mode))
        {
            return;
        }

        Shut(directory);
        foreach (string path in Directory.EnumerateFileSystemEntries(directory, "*", EveryOne))
        {
            if (FileStatus.Of(path) is { Kind: FileKind.File or FileKind.Folder })
            {
                Change(path, Permissions.ForOthersToo);
            }
        }

        // Last: a gate that is open says that all behind it is done.
        if (Libc.Chown(directory, Libc.Unchanged, group) != 0)
        {
            throw new IOException($"{directory} cannot be opened for group {group}: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        Change(directory, Permissions.OfGate);
    }

    private static void Change(string path, Func<UnixFileMode, UnixFileMode> change)
    {
        UnixFileMode mode = File.GetUnixFileMode(path);
        if (change(mode) is var wanted && wanted != mode)
        {
            File.SetUnixFileMode(path, wanted);
        }
    }
}
