using System.Diagnostics;

namespace BlueGreen.Faults.Injection;

/// <summary>
/// Follows DIR/state.json, which the front renames into place before it acts on what it says. Told by the kernel (inotify(7)), so that
/// a step that lasts milliseconds is not missed. Thread-safe.
/// </summary>
public sealed class Journal : IDisposable
{
    private readonly string _path;
    private readonly FileSystemWatcher _watcher;
    private readonly Lock _lock = new();
    private readonly List<long> _switches = [];
    private readonly List<Action<JournalState>> _followers = [];
    private int? _active;

    /// <summary>Follows the journal of a state folder, which is there.</summary>
    public Journal(string directory)
    {
        _path = Path.Combine(directory, "state.json");
        _active = Current?.Active;
        _watcher = new FileSystemWatcher(directory, "state.json") { NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite };
        _watcher.Renamed += (_, _) => Look();
        _watcher.EnableRaisingEvents = true;
    }

    /// <summary>What it says now.</summary>
    public JournalState? Current => JournalState.Read(_path);

    /// <summary>Every moment since this began at which another release became the active one: <c>Stopwatch.GetTimestamp()</c>.</summary>
    public IReadOnlyList<long> Switches
    {
        get
        {
            lock (_lock)
                return [.. _switches];
        }
    }

    /// <summary>Does something as soon as the journal says something, on the thread that was told of it; once.</summary>
    public async Task DoOnceAsync(Predicate<JournalState> says, Action action, CancellationToken cancel)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Follow(JournalState state)
        {
            if (done.Task.IsCompleted || !says(state))
                return;
            action();
            done.TrySetResult();
        }
        lock (_lock)
            _followers.Add(Follow);
        try
        {
            Look();
            await done.Task.WaitAsync(cancel);
        }
        finally
        {
            lock (_lock)
                _followers.Remove(Follow);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _watcher.Dispose();

    private void Look()
    {
        if (Current is not { } state)
            return;
        lock (_lock)
        {
            if (state.Active != _active)
                _switches.Add(Stopwatch.GetTimestamp());
            _active = state.Active;
            _followers.ForEach(follow => follow(state));
        }
    }
}
