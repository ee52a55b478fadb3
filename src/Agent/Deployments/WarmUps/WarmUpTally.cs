using System.Globalization;

namespace BlueGreen.Agent.Deployments.WarmUps;

/// <summary>Gives out the requests of a warm-up, round by round, and keeps count of their answers. Thread-safe.</summary>
internal sealed class WarmUpTally(WarmUpOptions options, IReadOnlyList<WarmUpRequest> requests)
{
    private readonly Lock _gate = new();
    private readonly int[] _endedInRound = new int[options.Rounds];
    private readonly TimeSpan[] _slowestInRound = new TimeSpan[options.Rounds];
    private int _next;
    private int _answered;
    private int _unexpected;
    private string? _example;
    private string? _refusal;

    /// <summary>Why the worker is refused; null while it is not.</summary>
    public string? Refusal => Volatile.Read(ref _refusal);

    /// <summary>The counts so far.</summary>
    public WarmUpFigures Figures
    {
        get
        {
            lock (_gate)
            {
                var last = Array.LastIndexOf(_endedInRound, requests.Count);
                return new WarmUpFigures(_answered, _unexpected, _example, _slowestInRound[0], last > 0 ? _slowestInRound[last] : null);
            }
        }
    }

    /// <summary>The next request to send.</summary>
    /// <param name="round">Its round, from 0 on.</param>
    /// <returns>Null when all have been given out, or the worker is refused.</returns>
    public WarmUpRequest? TakeNext(out int round)
    {
        lock (_gate)
        {
            round = _next / requests.Count;
            return round < options.Rounds && _refusal is null ? requests[_next++ % requests.Count] : null;
        }
    }

    /// <summary>A request was answered.</summary>
    public void NoteAnswer(WarmUpRequest request, int round, int status, TimeSpan after)
    {
        lock (_gate)
        {
            _answered++;
            _endedInRound[round]++;
            _slowestInRound[round] = after > _slowestInRound[round] ? after : _slowestInRound[round];
            if (!options.Statuses.Any(range => range.Contains(status)))
            {
                NoteUnexpectedNeedsLock(request, string.Create(CultureInfo.InvariantCulture, $"{request} was answered {status}"));
            }
        }
    }

    /// <summary>A request was not answered, or not to the end.</summary>
    public void NoteBroken(WarmUpRequest request, int round, string why)
    {
        lock (_gate)
        {
            _endedInRound[round]++;
            NoteUnexpectedNeedsLock(request, $"{request} was not answered: {why}");
        }
    }

    private void NoteUnexpectedNeedsLock(WarmUpRequest request, string what)
    {
        if (request.MustSucceed)
        {
            _refusal ??= what;
        }
        else
        {
            _unexpected++;
            _example ??= what;
        }
    }
}
