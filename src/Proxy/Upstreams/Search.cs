namespace BlueGreen.Proxy.Upstreams;

/// <summary>What one request has met since its first backend failed it, and how it goes on looking. Owned by the request.</summary>
internal sealed class Search(TimeProvider time)
{
    /// <summary>A worker whose queue of connections is full takes the next one soon.</summary>
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    /// <summary>A worker that ends breaks its pooled connections, one of which may be the next that is tried, and the one after that.</summary>
    private const int MostTries = 3;

    private readonly long _began = time.GetTimestamp();
    private readonly HashSet<Backend> _unreachable = [];
    private Backend? _broken;
    private int _tries;
    private TimeSpan _pause = ShortestPause;

    /// <summary>No connection came about; others come first.</summary>
    public void NoteUnreachable(Backend backend) => _unreachable.Add(backend);

    /// <summary>An exchange broke off after the backend may have begun the request; others come first, but it may well take it again.</summary>
    /// <returns>False when it must not be tried again: what breaks a second worker is likely to be the request itself.</returns>
    public bool TryAgainAfterBroken(Backend backend)
    {
        if (_broken is not null && _broken != backend)
        {
            return false;
        }

        _broken = backend;
        return TryAgain();
    }

    /// <summary>A drain deadline cut an exchange, which says nothing of the request nor of the backend.</summary>
    /// <returns>False when too much has gone wrong.</returns>
    public bool TryAgainAfterCut() => TryAgain();

    /// <summary>The backend to try next; null when all have refused the connection.</summary>
    public Backend? Choose(TrafficSplit split)
    {
        var reachable = split.Without(_unreachable.Contains);
        return reachable.Without(backend => backend == _broken).Choose() ?? reachable.Choose();
    }

    /// <summary>How long to wait until all may be tried again; null when the whole time a request may wait is over.</summary>
    public TimeSpan? NextPause(TimeSpan atMost)
    {
        var left = atMost - time.GetElapsedTime(_began);
        if (left <= TimeSpan.Zero)
        {
            return null;
        }

        var pause = _pause < left ? _pause : left;
        _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
        return pause;
    }

    /// <summary>All may be tried again.</summary>
    public void StartOver() => _unreachable.Clear();

    private bool TryAgain() => ++_tries <= MostTries;
}
