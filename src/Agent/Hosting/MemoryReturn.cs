namespace BlueGreen.Agent.Hosting;

/// <summary>
/// Gives back what a rush has left behind. The runtime collects when memory is asked for, so after ten thousand clients have gone and few
/// come, it would keep for hours what they needed. A collection that compacts stops everything for some ten milliseconds; hence only when
/// the front has been quiet since the last look, and has used much since the last time.
/// </summary>
/// <param name="collect">Collects everything and gives the free memory back.</param>
/// <param name="allocated">Bytes that were asked for since the process began.</param>
/// <param name="time">The clock.</param>
internal sealed class MemoryReturn(Action collect, Func<long> allocated, TimeProvider time)
{
    /// <summary>Between two looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>Bytes from one look to the next up to which the front counts as quiet: some hundred requests.</summary>
    public const long Quiet = 2 << 20;

    /// <summary>Bytes since the last collection from which on there is something to give back.</summary>
    public const long Much = 32 << 20;

    private long _seen;
    private long _collected;

    /// <summary>With the runtime's own collector.</summary>
    public MemoryReturn(TimeProvider time)
        : this(static () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive), static () => GC.GetTotalAllocatedBytes(), time)
    {
    }

    /// <summary>Looks every two seconds until the returned timer is disposed.</summary>
    public ITimer Start() => time.CreateTimer(_ => Look(), null, Interval, Interval);

    private void Look()
    {
        var now = allocated();
        if (now - _seen < Quiet && now - _collected > Much)
        {
            collect();
            _collected = now;
        }

        _seen = now;
    }
}
