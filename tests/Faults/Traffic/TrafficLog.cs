using System.Diagnostics;
using BlueGreen.Load.Running;

namespace BlueGreen.Faults.Traffic;

/// <summary>What became of every exchange of a mixed load. Thread-safe.</summary>
public sealed class TrafficLog
{
    /// <summary>An answer that comes this much later than it should was held.</summary>
    public static readonly TimeSpan HeldAfter = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly Progress _progress = new();
    private readonly List<FailedExchange> _failed = [];
    private readonly HashSet<string> _answeredPosts = new(StringComparer.Ordinal);
    private readonly Dictionary<int, long> _lastStarts = [];
    private readonly Dictionary<ExchangeKind, long> _succeeded = [];
    private long _held;
    private long _longest;

    /// <summary>Exchanges that have ended, well or badly.</summary>
    public long Ended => _progress.Ended;

    /// <summary>Those that ended badly.</summary>
    public IReadOnlyList<FailedExchange> Failed
    {
        get
        {
            lock (_lock)
                return [.. _failed];
        }
    }

    /// <summary>The ids of the POSTs that were answered with 2xx.</summary>
    public IReadOnlyCollection<string> AnsweredPosts
    {
        get
        {
            lock (_lock)
                return [.. _answeredPosts];
        }
    }

    /// <summary>How many of each kind ended well.</summary>
    public IReadOnlyDictionary<ExchangeKind, long> Succeeded
    {
        get
        {
            lock (_lock)
                return new Dictionary<ExchangeKind, long>(_succeeded);
        }
    }

    /// <summary>How many of those that ended well were held.</summary>
    public long Held => Interlocked.Read(ref _held);

    /// <summary>The longest time that one that ended well took beyond what it had to.</summary>
    public TimeSpan LongestHold => Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _longest));

    /// <summary>Completes once that many more exchanges have ended.</summary>
    public Task ReachFurtherAsync(long count) => _progress.ReachAsync(_progress.Ended + count);

    /// <summary>The releases that answered requests which began after a moment.</summary>
    public IReadOnlyList<int> ReleasesSince(long moment)
    {
        lock (_lock)
            return [.. _lastStarts.Where(pair => pair.Value > moment).Select(pair => pair.Key).Order()];
    }

    internal void Add(ExchangeKind kind, string? id, long started, long ended, TimeSpan expected, string? release)
    {
        var beyond = ended - started - (long)(expected.TotalSeconds * Stopwatch.Frequency);
        lock (_lock)
        {
            _succeeded[kind] = _succeeded.GetValueOrDefault(kind) + 1;
            if (id is not null)
                _answeredPosts.Add(id);
            if (int.TryParse(release, out var number))
                _lastStarts[number] = Math.Max(_lastStarts.GetValueOrDefault(number), started);
            _longest = Math.Max(_longest, beyond);
            if (Stopwatch.GetElapsedTime(0, beyond) > HeldAfter)
                _held++;
        }
        _progress.Count();
    }

    internal void Add(FailedExchange failed)
    {
        lock (_lock)
            _failed.Add(failed);
        _progress.Count();
    }

    internal void Complete() => _progress.Complete();
}
