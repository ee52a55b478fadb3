namespace BlueGreen.Agent.Deployments;

/// <summary>An app's place for the one deployment that may be on its way to a switch. Thread-safe.</summary>
internal sealed class DeploymentSlot
{
    private readonly SemaphoreSlim _free = new(1, 1);
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _followed = [];
    private volatile Deployment? _running;
    private bool _redeployWanted;
    private bool _redeploying;

    /// <summary>The deployment in the slot.</summary>
    public Deployment? Running
    {
        get => _running;
        set => _running = value;
    }

    /// <summary>Takes the slot if it is free.</summary>
    public bool TryEnter() => _free.Wait(0);

    /// <summary>Takes the slot once it is free.</summary>
    public Task EnterAsync(CancellationToken cancel) => _free.WaitAsync(cancel);

    /// <summary>Frees the slot.</summary>
    public void Leave()
    {
        _running = null;
        _free.Release();
    }

    /// <summary>Remembers a task that belongs to the app until it has ended.</summary>
    public void Follow(Task task)
    {
        lock (_gate)
        {
            _followed.Add(task);
        }

        task.ContinueWith(
            done =>
            {
                lock (_gate)
                {
                    _followed.Remove(done);
                }
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Waits for the tasks that are followed.</summary>
    public async Task IdleAsync()
    {
        while (true)
        {
            Task[] left;
            lock (_gate)
            {
                left = [.. _followed];
            }

            if (left.Length == 0)
            {
                return;
            }

            await Task.WhenAll(left);
        }
    }

    /// <summary>Notes that another deployment from the source is wanted. True: nobody is at it yet, the caller has to be.</summary>
    public bool WantRedeploy()
    {
        lock (_gate)
        {
            _redeployWanted = true;
            var mine = !_redeploying;
            _redeploying = true;
            return mine;
        }
    }

    /// <summary>Whether one is wanted still. False: whoever is at it is done, the next wish needs somebody new.</summary>
    public bool RedeployWanted()
    {
        lock (_gate)
        {
            _redeploying = _redeployWanted;
            return _redeployWanted;
        }
    }

    /// <summary>The wishes so far are about to be met; a later one is another.</summary>
    public void TakeRedeploy()
    {
        lock (_gate)
        {
            _redeployWanted = false;
        }
    }
}
