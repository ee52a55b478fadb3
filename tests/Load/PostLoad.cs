using BlueGreen.Load.Running;

namespace BlueGreen.Load;

/// <summary>
/// POSTs with unique ids to a server that appends each body as one line to a file, and the proof afterwards that each id
/// answered with 2xx is there exactly once. Not one POST is repeated by the client.
/// </summary>
public sealed class PostLoad
{
    private readonly LoadOptions _options;
    private readonly UniquePosts _posts;
    private readonly Progress _progress = new();

    /// <summary>Describes a load; <see cref="RunAsync"/> starts it.</summary>
    /// <exception cref="ArgumentException">A value of the options is out of its range.</exception>
    public PostLoad(LoadOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        _options = options;
        _posts = new UniquePosts(options, RequestHeaders.Of(options));
    }

    /// <summary>Requests that have ended so far, well or badly.</summary>
    public long Ended => _progress.Ended;

    /// <summary>Completes once that many requests have ended, well or badly.</summary>
    /// <exception cref="InvalidOperationException">The load was over before.</exception>
    public Task ReachAsync(long count) => _progress.ReachAsync(count);

    /// <summary>Completes once that many requests more have ended than had when it was called.</summary>
    /// <exception cref="InvalidOperationException">The load was over before.</exception>
    public Task ReachFurtherAsync(long count) => _progress.ReachAsync(_progress.Ended + count);

    /// <summary>Runs the load, once, and compares.</summary>
    /// <param name="recordFile">The file the server appends to; null compares nothing. Lines of others are passed over.</param>
    /// <param name="stop">No request is started after it is cancelled; those under way are ended and counted.</param>
    public async Task<PostReport> RunAsync(string? recordFile, CancellationToken stop = default)
    {
        var load = await LoadRun.RunAsync(_options, _posts, _progress, stop);
        var lines = recordFile is not null && File.Exists(recordFile) ? File.ReadLines(recordFile) : [];
        return recordFile is null
            ? new PostReport { Load = load, Answered = load.Succeeded }
            : PostReport.Compare(load, [.. _posts.Answered], lines.Where(line => line.StartsWith(_posts.Prefix, StringComparison.Ordinal)));
    }
}
