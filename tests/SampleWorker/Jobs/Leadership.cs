namespace BlueGreen.SampleWorker.Jobs;

/// <summary>
/// The worker's side of roles: runs the job while it leads, and acknowledges what it is told only when the job has ended. One message is
/// taken after the other.
/// </summary>
internal sealed class Leadership(JobFile? file, Behaviour behaviour)
{
    private readonly SemaphoreSlim _turn = new(1);
    private long _highest = long.MinValue;
    private Term? _term;

    /// <summary>Does what a message says.</summary>
    /// <returns>Whether it did: not where it has seen a higher generation.</returns>
    public async Task<bool> TakeAsync(RoleMessage message)
    {
        await _turn.WaitAsync();
        try
        {
            file?.Append(message.Leader ? "leader" : message.Role, message.Generation);
            if (message.Generation < _highest)
                return false;
            _highest = message.Generation;
            if (message.Leader && _term?.Generation == message.Generation)
                return true;
            await EndTermAsync();
            if (message.Leader)
                _term = Term.Begin(new Job(file, behaviour), message.Generation);
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends the job for good, as the worker itself ends.</summary>
    public async Task EndAsync()
    {
        await _turn.WaitAsync();
        _highest = long.MaxValue;
        await EndTermAsync();
        _turn.Release();
    }

    private async Task EndTermAsync()
    {
        if (_term is { } term)
        {
            await term.EndAsync();
            _term = null;
        }
    }

    private sealed record Term(long Generation, CancellationTokenSource Stop, Task Job)
    {
        public static Term Begin(Job job, long generation)
        {
            var stop = new CancellationTokenSource();
            return new Term(generation, stop, Task.Run(() => job.RunAsync(generation, stop.Token)));
        }

        public async Task EndAsync()
        {
            await Stop.CancelAsync();
            await Job;
            Stop.Dispose();
        }
    }
}
