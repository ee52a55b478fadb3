namespace BlueGreen.Benchmarks.Subjects;

/// <summary>Something that requests are sent to: a proxy, or the app without one. Disposing it ends its processes.</summary>
internal abstract class Subject(string name, Uri address, Uri? http2) : IAsyncDisposable
{
    /// <summary>Its name in the tables.</summary>
    public string Name { get; } = name;

    /// <summary>Where it answers HTTP/1.1.</summary>
    public Uri Address { get; } = address;

    /// <summary>Where it answers cleartext HTTP/2; null where it cannot.</summary>
    public Uri? Http2 { get; } = http2;

    /// <summary>Where it answers <c>/tool/</c>: uploads and WebSockets.</summary>
    public virtual Uri Tool => Address;

    /// <summary>Whether it stands between a client and the app, so that its cost is of interest.</summary>
    public virtual bool IsProxy => true;

    /// <summary>Whether it compiles itself while it runs, so that it is fast only after a while.</summary>
    public virtual bool NeedsWarming => false;

    /// <summary>Its processes; without those of the app.</summary>
    public abstract IReadOnlyList<int> Pids { get; }

    /// <summary>Begins a switch to a new generation of itself: new requests are served by it once the task completes.</summary>
    /// <returns>When it had switched, a <c>Stopwatch.GetTimestamp()</c>; null where it knows no such thing.</returns>
    public virtual Task<long?> SwitchAsync() => Task.FromResult<long?>(null);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
