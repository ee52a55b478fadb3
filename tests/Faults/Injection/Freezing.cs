namespace BlueGreen.Faults.Injection;

/// <summary>Lets a front be frozen from any thread, once, and not after it was said that it is too late. Thread-safe.</summary>
internal sealed class Freezing(int pid)
{
    private readonly Lock _lock = new();
    private bool _over;

    /// <summary>The frozen front; null when it was not frozen in time.</summary>
    public FrozenFront? Frozen { get; private set; }

    /// <summary>Freezes it.</summary>
    public void Begin()
    {
        lock (_lock)
            if (!_over)
                Frozen ??= new FrozenFront(pid);
    }

    /// <summary>From now on it is too late.</summary>
    public void End()
    {
        lock (_lock)
            _over = true;
    }
}
