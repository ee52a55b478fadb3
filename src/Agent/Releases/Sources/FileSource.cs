using BlueGreen.Agent.Releases.Commands;
using BlueGreen.Agent.Releases.Disk;

namespace BlueGreen.Agent.Releases.Sources;

/// <summary>A single file, usually the program itself. It keeps its name.</summary>
internal sealed class FileSource(SourceFile file) : IReleaseSource
{
    /// <inheritdoc/>
    public string Label => file.Name;

    /// <inheritdoc/>
    public void CopyTo(ReleaseTree tree, CancellationToken cancellationToken)
    {
        UnixFileMode mode = file.HasMode ? File.GetUnixFileMode(file.Path)
            : ProgramHeader.Read(file.Path).IsRunnable ? Permissions.Program : Permissions.Plain;
        tree.AddFolder("", Permissions.Program);
        if (file.Name is "." or ".." || Path.GetFileName(file.Name) != file.Name || file.Name.Contains('\0', StringComparison.Ordinal))
        {
            throw new ReleaseException($"'{file.Name}' cannot be the name of a file");
        }

        tree.TakeFile(file.Name, file.Path, mode, file.Sha256);
    }

    /// <summary>Copies one file and makes sure that it stayed the same meanwhile.</summary>
    /// <returns>The file's status.</returns>
    /// <exception cref="ReleaseException">It changed or vanished.</exception>
    public static FileStatus CopyFile(string path, ReleaseTree tree, string destination, CancellationToken cancellationToken)
    {
        FileStatus before = FileStatus.Of(path, follow: true) ?? throw Changed(path);
        const FileShare any = FileShare.ReadWrite | FileShare.Delete;
        using var content = new FileStream(path, FileMode.Open, FileAccess.Read, any, bufferSize: 0);
        long size = tree.AddFile(destination, before.Mode, before.ModifiedAt, content, cancellationToken);
        return size == before.Size && FileStatus.Of(path, follow: true) == before ? before : throw Changed(path);
    }

    /// <summary>What is said when a path is not what it was when copying began.</summary>
    public static ReleaseException Changed(string path) =>
        new($"{path} changed or vanished while it was being copied; deploy again when nothing writes there any more");
}
