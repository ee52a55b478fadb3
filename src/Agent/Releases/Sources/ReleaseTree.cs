using System.Security.Cryptography;
using System.Text;
using BlueGreen.Agent.Releases.Disk;

namespace BlueGreen.Agent.Releases.Sources;

/// <summary>
/// The content of a release while it is written below a folder of the store. Each file passes once, hashed on its way. Paths are
/// relative to the tree, separated by <c>/</c>; whoever adds entries answers for their being inside. Links come last, in
/// <see cref="Complete"/>, so nothing is ever written through one.
/// </summary>
/// <remarks>
/// The digest is SHA-256 over the entries, sorted by path (ordinal), each as <c>KIND PATH NUL CONTENT NUL</c> in UTF-8 with KIND
/// and CONTENT of <see cref="TreeEntry"/>. Times, owners and permissions other than "may be executed" have no part in it, so the
/// same build has the same digest as a folder and as an archive. Used by one thread.
/// </remarks>
/// <param name="root">Absolute path of the tree.</param>
/// <param name="budget">What it may take.</param>
internal sealed class ReleaseTree(string root, ReleaseBudget budget) : IDisposable
{
    private const int BufferSize = 256 * 1024;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private SortedDictionary<string, TreeEntry> _entries = new(StringComparer.Ordinal);

    /// <summary>Absolute path of the tree.</summary>
    public string Root { get; private set; } = root;

    /// <summary>What it may still take.</summary>
    public ReleaseBudget Budget { get; } = budget;

    /// <summary>The bytes of all files so far.</summary>
    public long SizeBytes { get; private set; }

    /// <summary>Whether it has at least one file or link; folders alone are nothing to start.</summary>
    public bool HasFiles => _entries.Values.Any(entry => entry.Kind != TreeEntryKind.Folder);

    /// <summary>The links of the tree: path and target.</summary>
    public IEnumerable<(string Path, string Target)> Links =>
        _entries.Where(entry => entry.Value.Kind == TreeEntryKind.Link).Select(entry => (entry.Key, entry.Value.Content));

    /// <summary>What was added at a path, or null.</summary>
    public TreeEntry? Find(string path) => _entries.TryGetValue(path, out TreeEntry entry) ? entry : null;

    /// <summary>Adds a folder, or gives one that is there its mode. The empty path is the tree itself.</summary>
    public void AddFolder(string path, UnixFileMode mode)
    {
        if (path.Length > 0 && Find(path) is null)
        {
            Budget.TakeEntry();
        }

        string absolute = Path.Combine(Root, path);
        Directory.CreateDirectory(absolute);
        File.SetUnixFileMode(absolute, Permissions.OfFolder(mode)); // mkdir's own mode would be cut by the umask
        if (path.Length > 0)
        {
            _entries[path] = new TreeEntry(TreeEntryKind.Folder, "");
        }
    }

    /// <summary>Adds a file that is not there yet.</summary>
    /// <param name="path">Where.</param>
    /// <param name="mode">Its permissions; null: those of a program when it starts like one, else plain.</param>
    /// <param name="modifiedAt">Its time, UTC: web servers make validators of it, so clients' caches outlive a deploy.</param>
    /// <param name="content">Read to its end.</param>
    /// <param name="cancellationToken">Looked at between two blocks.</param>
    /// <returns>The bytes written.</returns>
    public long AddFile(string path, UnixFileMode? mode, DateTime modifiedAt, Stream content, CancellationToken cancellationToken)
    {
        Budget.TakeEntry();
        using var file = File.OpenHandle(Path.Combine(Root, path), FileMode.CreateNew, FileAccess.Write);
        long written = 0;
        while (content.Read(_buffer) is > 0 and var count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Budget.TakeBytes(count);
            ReadOnlySpan<byte> block = _buffer.AsSpan(0, count);
            mode ??= Commands.ProgramHeader.Parse(block).IsRunnable ? Permissions.Program : Permissions.Plain;
            _hash.AppendData(block);
            RandomAccess.Write(file, block, written);
            written += count;
        }

        UnixFileMode kept = Permissions.OfFile(mode ?? Permissions.Plain);
        File.SetUnixFileMode(file, kept);
        File.SetLastWriteTimeUtc(file, modifiedAt);
        Note(path, kept, Convert.ToHexStringLower(_hash.GetHashAndReset()), written);
        return written;
    }

    /// <summary>Adds a file of the staging folder by moving it, with its time.</summary>
    /// <param name="path">Where.</param>
    /// <param name="file">Absolute path; nothing is there afterwards.</param>
    /// <param name="mode">Its permissions.</param>
    /// <param name="sha256">The digest of its bytes, in lower-case hexadecimal.</param>
    public void TakeFile(string path, string file, UnixFileMode mode, string sha256)
    {
        long size = new FileInfo(file).Length;
        Budget.TakeEntry();
        Budget.CheckSize(size);
        File.Move(file, Path.Combine(Root, path));
        UnixFileMode kept = Permissions.OfFile(mode);
        File.SetUnixFileMode(Path.Combine(Root, path), kept);
        Note(path, kept, sha256, size);
    }

    /// <summary>Adds a symbolic link, which is made in <see cref="Complete"/>.</summary>
    public void AddLink(string path, string target)
    {
        Budget.TakeEntry();
        _entries[path] = new TreeEntry(TreeEntryKind.Link, target);
    }

    /// <summary>When all entries lie in one folder at the top, that folder becomes the tree.</summary>
    public void StripLoneTopFolder()
    {
        // Ordinal order puts a folder right before what is in it, or another name that starts like it ("app" < "app.txt" <
        // "app/x").
        (string top, TreeEntry first) = _entries.FirstOrDefault();
        string prefix = top + '/';
        bool isLone = _entries.Keys.Skip(1).All(path => path.StartsWith(prefix, StringComparison.Ordinal));
        if (first.Kind != TreeEntryKind.Folder || !isLone)
        {
            return;
        }

        Root = Path.Combine(Root, top);
        var inside = _entries.Skip(1).ToDictionary(entry => entry.Key[prefix.Length..], entry => entry.Value);
        _entries = new(inside, StringComparer.Ordinal);
    }

    /// <summary>Makes the links.</summary>
    /// <returns>The digest of the tree.</returns>
    public string Complete()
    {
        foreach ((string path, string target) in Links)
        {
            File.CreateSymbolicLink(Path.Combine(Root, path), target);
        }

        foreach ((string path, TreeEntry entry) in _entries)
        {
            _hash.AppendData(Encoding.UTF8.GetBytes($"{(char)entry.Kind} {path}\0{entry.Content}\0"));
        }

        return $"sha256:{Convert.ToHexStringLower(_hash.GetHashAndReset())}";
    }

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();

    private void Note(string path, UnixFileMode mode, string sha256, long size)
    {
        TreeEntryKind kind = Permissions.AreExecutable(mode) ? TreeEntryKind.Program : TreeEntryKind.File;
        _entries[path] = new TreeEntry(kind, sha256);
        SizeBytes += size;
    }
}
