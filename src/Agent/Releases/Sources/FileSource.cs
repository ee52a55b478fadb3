using BlueGreen.Agent.Releases.Disk;

namespace BlueGreen.Agent.Releases.Sources;

/// <summary>A single file, usually the program itself. It keeps its name.</summary>
internal sealed class FileSource(string path) : IReleaseSource
{
    /// <inheritdoc/>
    public string Label => Path.GetFileName(path);

    /// <inheritdoc/>
    public void CopyTo(ReleaseTree tree, CancellationToken cancellationToken)
    {
        tree.AddFolder("", Permissions.Program);
        CopyFile(path, tree, Path.GetFileName(path), cancellationToken);
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
