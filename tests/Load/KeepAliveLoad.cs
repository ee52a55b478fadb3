using BlueGreen.Load.Http;
using BlueGreen.Load.Running;

namespace BlueGreen.Load;

/// <summary>
/// GET after GET on each of several connections, nothing retried, every deviation counted. Strict on purpose: what it calls
/// lost, some real client would have lost.
/// </summary>
public sealed class KeepAliveLoad
{
    private readonly LoadOptions _options;
    private readonly Progress _progress = new();

    /// <summary>Describes a load; <see cref="RunAsync"/> starts it.</summary>
    /// <exception cref="ArgumentException">A value of the options is out of its range.</exception>
    public KeepAliveLoad(LoadOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        _options = options;
    }

    /// <summary>Requests that have ended so far, well or badly.</summary>
    public long Ended => _progress.Ended;

    /// <summary>Completes once that many requests have ended, well or badly.</summary>
    /// <exception cref="InvalidOperationException">The load was over before.</exception>
    public Task ReachAsync(long count) => _progress.ReachAsync(count);

    /// <summary>Completes once that many requests more have ended than had when it was called.</summary>
    /// <exception cref="InvalidOperationException">The load was over before.</exception>
    public Task ReachFurtherAsync(long count) => _progress.ReachAsync(_progress.Ended + count);

    /// <summary>Runs the load, once.</summary>
    /// <param name="stop">No request is started after it is cancelled; those under way are ended and counted.</param>
    public Task<LoadReport> RunAsync(CancellationToken stop = default)
    {
        var headers = RequestHeaders.Of(_options);
        return LoadRun.RunAsync(_options, new SameRequest(HttpRequest.Get(_options.Target, headers)), _progress, stop);
    }
}
