namespace BlueGreen.Agent.Tests.Releases;

/// <summary>A folder of a test's own, gone with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public const UnixFileMode Executable =
        Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute;

    public const UnixFileMode Plain = Private | UnixFileMode.GroupRead;

    public const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = 0 };

    public string Path { get; } = Directory.CreateTempSubdirectory("bluegreen-releases-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string Write(string name, string content, UnixFileMode mode = Plain) =>
        Write(name, System.Text.Encoding.UTF8.GetBytes(content), mode);

    public string Write(string name, byte[] content, UnixFileMode mode = Plain)
    {
        string path = this[name];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        File.SetUnixFileMode(path, mode);
        return path;
    }

    /// <summary>A file of zeros that takes no space but as long to copy as any of its size.</summary>
    public string WriteSparse(string name, long size)
    {
        string path = Write(name, "");
        using var file = File.OpenWrite(path);
        file.SetLength(size);
        return path;
    }

    public string Script(string name, string body = "exit 0\n") => Write(name, "#!/bin/sh\n" + body, Executable);

    /// <summary>All that is below a folder, relative, sorted: what a failed operation must leave as it was.</summary>
    public string[] Tree(string below = "") =>
        [.. Directory.GetFileSystemEntries(this[below], "*", Everything)
            .Select(path => System.IO.Path.GetRelativePath(this[below], path)).Order(StringComparer.Ordinal)];

    public void Dispose() => Agent.Releases.Disk.FolderRemoval.Remove(Path);
}
