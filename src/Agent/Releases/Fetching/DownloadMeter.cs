namespace BlueGreen.Agent.Releases.Fetching;

/// <summary>Tells how far a download is, now and then. Used by one download.</summary>
/// <param name="report">Told.</param>
/// <param name="time">Measures the rate.</param>
internal sealed class DownloadMeter(Action<FetchProgress> report, TimeProvider time)
{
    /// <summary>Between two reports.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly long _began = time.GetTimestamp();
    private long _lastAt = time.GetTimestamp();
    private long _lastBytes;

    /// <summary>There are so many bytes.</summary>
    public void Advance(long bytes, long? total)
    {
        var since = time.GetElapsedTime(_lastAt);
        if (since < Pause)
        {
            return;
        }

        // A download that began anew has fewer bytes than before.
        report(new FetchProgress(bytes, total, (long)(Math.Max(0, bytes - _lastBytes) / since.TotalSeconds)));
        (_lastAt, _lastBytes) = (time.GetTimestamp(), bytes);
    }

    /// <summary>All is there; the rate is that of the whole.</summary>
    public void Finish(long bytes) =>
        report(new FetchProgress(bytes, bytes, (long)(bytes / Math.Max(0.001, time.GetElapsedTime(_began).TotalSeconds))));
}
