namespace BlueGreen.Agent.Releases.Disk;

/// <summary>Which permissions a release keeps.</summary>
internal static class Permissions
{
    private const UnixFileMode OwnerAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode GroupAll = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute;
    private const UnixFileMode OtherSome = UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
    private const UnixFileMode OtherAll = OtherSome | UnixFileMode.OtherWrite;
    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>rw-r--r--, for files that come without a mode.</summary>
    public const UnixFileMode Plain =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>rwxr-xr-x, for programs and folders that come without a mode.</summary>
    public const UnixFileMode Program = Plain | AnyExecute;

    /// <summary>A file's mode in the store: as it was, without setuid, setgid and sticky, and not for everybody to write.</summary>
    public static UnixFileMode OfFile(UnixFileMode mode) => mode & (OwnerAll | GroupAll | OtherSome);

    /// <summary>A folder's mode in the store: its owner may always write, or it could neither be filled nor deleted.</summary>
    public static UnixFileMode OfFolder(UnixFileMode mode) => OfFile(mode) | OwnerAll;

    /// <summary>Others may do what the owner may, but for writing.</summary>
    public static UnixFileMode ForOthersToo(UnixFileMode mode) => mode | (UnixFileMode)(((int)(mode & OwnerAll) >> 6) & (int)OtherSome);

    /// <summary>The mode of a folder that a group may enter and list, and nobody else.</summary>
    public static UnixFileMode OfGate(UnixFileMode mode) =>
        (mode & ~OtherAll) | OwnerAll | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;

    /// <summary>Nothing for others.</summary>
    public static UnixFileMode NotForOthers(UnixFileMode mode) => mode & ~OtherAll;

    /// <summary>Whether anyone may execute.</summary>
    public static bool AreExecutable(UnixFileMode mode) => (mode & AnyExecute) != 0;
}
