namespace BlueGreen.Load.Running;

/// <summary>A time limit that is set anew for every request, without a new timer each time.</summary>
internal sealed class Deadline(TimeSpan limit) : IDisposable
{
    private CancellationTokenSource _source = new();

    /// <summary>Starts the time; the token is cancelled when it is over, unless it is started again before.</summary>
    public CancellationToken Start()
    {
        if (!_source.TryReset())
        {
            _source.Dispose();
            _source = new CancellationTokenSource();
        }
        _source.CancelAfter(limit);
        return _source.Token;
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();
}
