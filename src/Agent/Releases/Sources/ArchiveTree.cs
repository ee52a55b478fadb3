using System.Text;
using BlueGreen.Agent.Releases.Disk;

namespace BlueGreen.Agent.Releases.Sources;

/// <summary>
/// The only way from an archive into a tree. Every name is checked against the tree as it would stand, so no entry lands outside,
/// on top of another, or behind a link, whatever the order of entries.
/// </summary>
internal sealed class ArchiveTree(string archive, ReleaseTree tree)
{
    /// <summary>PATH_MAX of Linux without the final NUL: no path, and no link's target, is longer.</summary>
    public const int LongestPath = 4095;

    /// <summary>NAME_MAX of Linux.</summary>
    private const int LongestName = 255;

    /// <summary>Characters of a name that a message shows.</summary>
    private const int LongestShown = 200;

    private int _count;

    /// <summary>Counts an entry of the archive, also one that adds nothing to the tree.</summary>
    public void Count() => tree.Budget.CheckEntries(++_count);

    /// <summary>Adds a folder; one that is there takes the mode.</summary>
    public void AddFolder(string name, UnixFileMode mode)
    {
        string path = Check(name);
        if (tree.Find(path) is { Kind: not TreeEntryKind.Folder })
        {
            throw Refuse(name, "comes twice");
        }

        MakeParents(path, name);
        tree.AddFolder(path, mode);
    }

    /// <summary>Adds a file; see <see cref="ReleaseTree.AddFile"/>.</summary>
    public void AddFile(string name, UnixFileMode? mode, DateTime modifiedAt, Stream content, CancellationToken cancellation) =>
        tree.AddFile(Free(name), mode, modifiedAt, content, cancellation);

    /// <summary>
    /// Adds a symbolic link; where it leads is looked at in <see cref="Complete"/>, when all of them are known.
    /// </summary>
    public void AddLink(string name, string target)
    {
        if (target.Length == 0 || target.Contains('\0', StringComparison.Ordinal))
        {
            throw Refuse(name, "is a link to nowhere");
        }

        if (Encoding.UTF8.GetByteCount(target) > LongestPath)
        {
            throw Refuse(name, "is a link to a path that is too long");
        }

        tree.AddLink(Free(name), target);
    }

    /// <summary>Adds a hard link, as a copy of the file that came before under the name <paramref name="target"/>.</summary>
    public void AddHardLink(string name, string target, CancellationToken cancellationToken)
    {
        string existing = Check(target, entry: name);
        if (tree.Find(existing) is not { Kind: TreeEntryKind.File or TreeEntryKind.Program })
        {
            throw Refuse(name, $"is a hard link to \"{target}\", which is no file before it in the archive");
        }

        FileSource.CopyFile(Path.Combine(tree.Root, existing), tree, Free(name), cancellationToken);
    }

    /// <summary>Strips a lone top folder, then makes sure that no link leads out of what remains.</summary>
    public void Complete()
    {
        tree.StripLoneTopFolder();
        foreach ((string path, string target) in tree.Links)
        {
            if (!LinkTarget.StaysInside(tree, path, target))
            {
                throw Refuse(path, $"is a link to \"{target}\", which leads outside of the release");
            }
        }
    }

    /// <summary>The error for an entry.</summary>
    public ReleaseException Refuse(string name, string why) =>
        new($"{archive} is refused: its entry \"{(name.Length > LongestShown ? $"{name[..LongestShown]}..." : name)}\" {why}");

    private string Free(string name)
    {
        string path = Check(name);
        if (path.Length == 0 || name.EndsWith('/'))
        {
            throw Refuse(name, "has no file name");
        }

        if (tree.Find(path) is not null)
        {
            throw Refuse(name, "comes twice");
        }

        MakeParents(path, name);
        return path;
    }

    private string Check(string name, string? entry = null)
    {
        if (name.Contains('\0', StringComparison.Ordinal) || name.Contains('\uFFFD', StringComparison.Ordinal))
        {
            throw Refuse(entry ?? name, "has a name that is not UTF-8, or holds a NUL");
        }

        if (name.StartsWith('/'))
        {
            throw Refuse(entry ?? name, "has an absolute path");
        }

        string[] steps = [.. name.Split('/').Where(step => step is not ("" or "."))];
        if (steps.Contains(".."))
        {
            throw Refuse(entry ?? name, "leads outside of the release");
        }

        if (Encoding.UTF8.GetByteCount(name) > LongestPath || steps.Any(step => Encoding.UTF8.GetByteCount(step) > LongestName))
        {
            throw Refuse(entry ?? name, "has a name that is too long");
        }

        return string.Join('/', steps);
    }

    private void MakeParents(string path, string name)
    {
        for (int slash = path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            string parent = path[..slash];
            switch (tree.Find(parent)?.Kind)
            {
                case null:
                    tree.AddFolder(parent, Permissions.Program);
                    break;
                case not TreeEntryKind.Folder:
                    throw Refuse(name, $"lies below \"{parent}\", which is no directory");
            }
        }
    }
}
