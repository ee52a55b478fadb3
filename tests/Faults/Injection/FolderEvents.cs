namespace BlueGreen.Faults.Injection;

/// <summary>Waits for files to appear.</summary>
internal static class FolderEvents
{
    /// <summary>Does something as soon as a file is made in a folder, on the thread that was told of it; once.</summary>
    public static async Task WhenCreatedAsync(string folder, Action action, CancellationToken cancel)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var did = 0;
        using var watcher = new FileSystemWatcher(folder) { NotifyFilter = NotifyFilters.FileName };
        watcher.Created += (_, _) =>
        {
            if (Interlocked.Exchange(ref did, 1) != 0)
                return;
            action();
            done.TrySetResult();
        };
        watcher.EnableRaisingEvents = true;
        await done.Task.WaitAsync(cancel);
    }
}
