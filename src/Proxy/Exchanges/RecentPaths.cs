using BlueGreen.Proxy.Upstreams;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace BlueGreen.Proxy.Exchanges;

/// <summary>
/// Which paths of an app were asked for most, lately: of GETs that a worker has answered with 2xx, and nothing else of them. Bounded, in
/// memory only, of a sample of the requests. Thread-safe; a request never waits for another here.
/// </summary>
/// <param name="keepsQueries">Whether the query is kept with the path, as it stood in the request.</param>
public sealed class RecentPaths(bool keepsQueries)
{
    /// <summary>Different paths that are counted at once: with the longest of them half a megabyte.</summary>
    private const int MostPaths = 1024;

    /// <summary>Characters; longer ones are rarely asked for twice.</summary>
    private const int LongestPath = 256;

    /// <summary>So many requests are all looked at, so that an app with few of them is known soon; then one of <see cref="SampledOf"/>.</summary>
    private const int LookedAtAtFirst = 2048;

    private const int SampledOf = 8;

    /// <summary>After so many samples all counts are halved: what was asked for lately weighs more than what was long ago.</summary>
    private const int Generation = 8192;

    /// <summary>A path that came once only is no frequent one, and may well be a link that works once.</summary>
    private const int LeastCount = 2;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private int _samples;

    /// <summary>Whether the query is kept with the path.</summary>
    public bool KeepsQueries => keepsQueries;

    /// <summary>The most frequent ones, first the one that came most often.</summary>
    public IReadOnlyList<string> MostFrequent(int count)
    {
        lock (_gate)
        {
            return
            [
                .. _counts.Where(path => path.Value >= LeastCount)
                    .OrderByDescending(path => path.Value).ThenBy(path => path.Key, StringComparer.Ordinal)
                    .Take(count).Select(path => path.Key),
            ];
        }
    }

    /// <summary>Counts the target of such a request.</summary>
    public void Note(string target)
    {
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 || keepsQueries ? target.AsSpan() : target.AsSpan(0, query);
        // In absolute form it names a host, too. One sample less matters nothing where somebody else counts at this moment.
        if (path.Length > LongestPath || path is not ['/', ..] || path.ContainsAnyExceptInRange('!', '~') || !_gate.TryEnter())
        {
            return;
        }

        try
        {
            CountNeedsLock(path);
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>A worker has answered a request whole.</summary>
    internal void Note(HttpContext context, RequestKind kind)
    {
        if (kind == RequestKind.Request && context.Response.StatusCode is >= 200 and <= 299 && HttpMethods.IsGet(context.Request.Method)
            && (Volatile.Read(ref _samples) < LookedAtAtFirst || Random.Shared.Next(SampledOf) == 0))
        {
            Note(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        }
    }

    private void CountNeedsLock(ReadOnlySpan<char> path)
    {
        var samples = _samples + 1;
        Volatile.Write(ref _samples, samples == int.MaxValue ? LookedAtAtFirst : samples);
        var counts = _counts.GetAlternateLookup<ReadOnlySpan<char>>();
        if (counts.TryGetValue(path, out var known))
        {
            counts[path] = known + 1;
        }
        else
        {
            if (_counts.Count == MostPaths)
            {
                HalveNeedsLock();
            }

            if (_counts.Count < MostPaths)
            {
                counts[path] = 1;
            }
        }

        if (samples % Generation == 0)
        {
            HalveNeedsLock();
        }
    }

    /// <summary>Those that came once go.</summary>
    private void HalveNeedsLock()
    {
        foreach (var (path, count) in _counts.ToArray())
        {
            if (count == 1)
            {
                _counts.Remove(path);
            }
            else
            {
                _counts[path] = count / 2;
            }
        }
    }
}
