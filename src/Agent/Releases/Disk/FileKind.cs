namespace BlueGreen.Agent.Releases.Disk;

/// <summary>What a path names.</summary>
internal enum FileKind
{
    /// <summary>A socket, a pipe, a device: nothing a release can hold.</summary>
    Special,

    /// <summary>A regular file.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A symbolic link.</summary>
    Link,
}
