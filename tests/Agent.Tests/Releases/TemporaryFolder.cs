namespace BlueGreen.Agent.Tests.Releases;

/// <summary>A folder of a test's own, gone with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public const UnixFileMode Executable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;

    public const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

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

    public string Script(string name, string body = "exit 0\n") => Write(name, "#!/bin/sh\n" + body, Executable);

    /// <summary>All that is below a folder, relative, sorted: what a failed operation must leave as it was.</summary>
    public string[] Tree(string below = "") =>
        [.. Directory.GetFileSystemEntries(this[below], "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(path => System.IO.Path.GetRelativePath(this[below], path)).Order(StringComparer.Ordinal)];

    public void Dispose() => Agent.Releases.Disk.FolderRemoval.Remove(Path);
}
