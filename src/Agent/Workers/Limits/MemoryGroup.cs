namespace BlueGreen.Agent.Workers.Limits;

/// <summary>The control group of one process and all it starts, which holds their memory below a limit.</summary>
/// <param name="folder">Its folder.</param>
/// <param name="bytes">The limit.</param>
/// <param name="onRemoved">Called once it is gone, or is left to be removed later.</param>
internal sealed class MemoryGroup(string folder, long bytes, Action<MemoryGroup> onRemoved)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    /// <summary>Something that left the process's session may live on in it; then a later start removes it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Its folder.</summary>
    public string Folder { get; } = folder;

    /// <summary>The limit, in bytes.</summary>
    public long Bytes { get; } = bytes;

    /// <summary>The file that takes the pid of a process that is to enter it.</summary>
    public string Members => Path.Combine(Folder, ControlGroups.Processes);

    /// <summary>Whether the kernel has killed in it because the limit was reached (memory.events, oom_kill).</summary>
    public bool HasKilled()
    {
        try
        {
            return File.ReadLines(Path.Combine(Folder, "memory.events")).Any(line => line.StartsWith("oom_kill ", StringComparison.Ordinal) && !line.EndsWith(" 0", StringComparison.Ordinal));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Removes it once the last process in it is gone; what was killed a moment ago may still be there.</summary>
    public async Task RemoveAsync()
    {
        using var enough = new CancellationTokenSource(Patience);
        while (!TryRemove(Folder) && !enough.IsCancellationRequested)
        {
            await Task.Delay(Look, CancellationToken.None);
        }

        onRemoved(this);
    }

    /// <summary>Removes a group that no process is in. True when it is gone.</summary>
    public static bool TryRemove(string folder)
    {
        try
        {
            Directory.Delete(folder);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
