using BlueGreen.Agent.Releases.Disk;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Releases.Sources;

/// <summary>A folder. Links in it are copied as links, special files are refused, hard links become files of their own.</summary>
internal sealed class FolderSource(string source, string store, ILogger log) : IReleaseSource
{
    private readonly List<(string Path, FileStatus Status)> _copied = [];

    /// <inheritdoc/>
    public string Label => Path.GetFileName(source) is { Length: > 0 } name ? name : "root";

    /// <inheritdoc/>
    public void CopyTo(ReleaseTree tree, CancellationToken cancellationToken)
    {
        CopyFolder("", tree, cancellationToken);

        // Everything once more at the end: a file that is replaced after its turn would leave a mixture of two builds.
        foreach ((string path, FileStatus status) in _copied)
        {
            if (FileStatus.Of(path, follow: path == source) != status)
            {
                throw FileSource.Changed(path);
            }
        }

        foreach ((string path, string target) in tree.Links)
        {
            if (!target.StartsWith('/') && !LinkTarget.StaysInside(tree, path, target))
            {
                log.LogWarning(
                    "The link {Link} -> {Target} leads out of {Source} and will not lead there from the store",
                    path, target, source);
            }
        }
    }

    private void CopyFolder(string folder, ReleaseTree tree, CancellationToken cancellationToken)
    {
        string from = folder.Length == 0 ? source : Path.Combine(source, folder);
        FileStatus status = FileStatus.Of(from, follow: folder.Length == 0) ?? throw FileSource.Changed(from);
        if (FileStatus.Of(store, follow: true) is { } own && own.IsSameAs(status))
        {
            throw new ReleaseException(
                $"{source} contains the state folder ({from}); deploy a folder without it, or move it with --state");
        }

        _copied.Add((from, status));
        tree.AddFolder(folder, status.Mode);
        foreach (string path in Directory.GetFileSystemEntries(from))
        {
            cancellationToken.ThrowIfCancellationRequested();
            string name = Path.GetFileName(path);
            CopyEntry(path, folder.Length == 0 ? name : $"{folder}/{name}", tree, cancellationToken);
        }
    }

    private void CopyEntry(string from, string to, ReleaseTree tree, CancellationToken cancellationToken)
    {
        if (from.Contains('\uFFFD', StringComparison.Ordinal))
        {
            throw new ReleaseException($"{from}: the name is not UTF-8; rename it and deploy again");
        }

        switch (FileStatus.Of(from) ?? throw FileSource.Changed(from))
        {
            case { Kind: FileKind.Folder }:
                CopyFolder(to, tree, cancellationToken);
                break;
            case { Kind: FileKind.File }:
                _copied.Add((from, FileSource.CopyFile(from, tree, to, cancellationToken)));
                break;
            case { Kind: FileKind.Link } status:
                tree.AddLink(to, new FileInfo(from).LinkTarget ?? throw FileSource.Changed(from));
                _copied.Add((from, status));
                break;
            default:
                throw new ReleaseException(
                    $"{from} is a socket, pipe or device; a release holds files, directories and links only");
        }
    }
}
