namespace BlueGreen.Agent.Deployments;

/// <summary>The keepers of one release's workers, one a place, from its switch until it is replaced. Thread-safe.</summary>
internal sealed class Supervision
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _over = new();
    private readonly List<Place> _places = [];

    /// <summary>How many workers are kept running.</summary>
    public int Places
    {
        get
        {
            lock (_gate)
            {
                return _places.Count;
            }
        }
    }

    /// <summary>Adds a place.</summary>
    /// <param name="keeper">Keeps it filled.</param>
    /// <param name="worker">Who is in it; null: nobody yet.</param>
    /// <returns>False when it is over: nothing is kept any more.</returns>
    public bool Add(WorkerKeeper keeper, LiveWorker? worker)
    {
        lock (_gate)
        {
            if (_over.IsCancellationRequested)
            {
                return false;
            }

            var over = CancellationTokenSource.CreateLinkedTokenSource(_over.Token);
            _places.Add(new Place(keeper, over, Task.Run(() => keeper.KeepAsync(worker, over.Token))));
            return true;
        }
    }

    /// <summary>Gives up the last place.</summary>
    /// <returns>Completes when its worker has finished what it had, and is gone. Null: it is over, or there is none.</returns>
    public Task? TakeLast()
    {
        lock (_gate)
        {
            if (_over.IsCancellationRequested || _places.Count == 0)
            {
                return null;
            }

            var last = _places[^1];
            _places.RemoveAt(_places.Count - 1);
            return last.LeaveAsync();
        }
    }

    /// <summary>Tells the keepers to end. No worker is started any more once the returned task has completed.</summary>
    public async Task EndAsync()
    {
        Place[] places;
        lock (_gate)
        {
            places = [.. _places];
            _over.Cancel();
        }

        await Task.WhenAll(places.Select(place => place.End));
    }

    private sealed record Place(WorkerKeeper Keeper, CancellationTokenSource Over, Task End)
    {
        public async Task LeaveAsync()
        {
            await Over.CancelAsync();
            await End;
            await Keeper.LeaveAsync();
        }
    }
}
