namespace LeaderExample;

/// <summary>What bluegreen tells a worker. ../README.md describes it.</summary>
/// <param name="Role">standby, active or draining.</param>
/// <param name="Generation">Grows with every change of leadership.</param>
/// <param name="Release">The worker's release.</param>
/// <param name="Leader">Whether this worker is the one that leads.</param>
public sealed record RoleMessage(string Role, long Generation, int Release, bool Leader);

/// <summary>
/// A job that runs in one worker of the app at a time. Copy this file, derive from it, register yours with AddHostedService, and call
/// MapLeaderServices. A job that throws ends the host, as with every BackgroundService: then another worker leads.
/// </summary>
public abstract class LeaderService : BackgroundService
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly TaskCompletionSource _failed = new();
    private CancellationTokenSource _lost = new();
    private Task _job = Task.CompletedTask;
    private long _highest = -1;
    private long _leading = -1;

    /// <summary>How long the job may take to end; less than <c>roles.timeout</c>, which is 5 s. Default 4 s.</summary>
    protected virtual TimeSpan TimeToEnd => TimeSpan.FromSeconds(4);

    /// <summary>The job. It runs while this worker leads, and nowhere else.</summary>
    /// <param name="generation">Write it along with everything that a leader of before must not overwrite.</param>
    /// <param name="lost">Cancelled when the job must end: another worker leads only after it has.</param>
    protected abstract Task LeadAsync(long generation, CancellationToken lost);

    /// <summary>Does what a message says.</summary>
    /// <returns>False: it is out of date, or the job is still running after its time. Then it must not be acknowledged.</returns>
    public async Task<bool> TellAsync(RoleMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        await _turn.WaitAsync();
        try
        {
            if (message.Generation < _highest)
                return false;
            _highest = message.Generation;
            if (message.Leader && message.Generation == _leading)
                return true;
            await _lost.CancelAsync();
            if (await Task.WhenAny(_job, Task.Delay(TimeToEnd)) != _job)
                return false;
            _leading = message.Leader ? message.Generation : -1;
            if (message.Leader)
            {
                _lost = new CancellationTokenSource();
                _job = RunAsync(message.Generation, _lost.Token);
            }
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await TellAsync(new RoleMessage("draining", long.MaxValue, Release: 0, Leader: false));
        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Without bluegreen there is nobody else to lead.
        if (Environment.GetEnvironmentVariable("BLUEGREEN_ROLE") is null)
            await TellAsync(new RoleMessage("active", Generation: 0, Release: 0, Leader: true));
        await _failed.Task.WaitAsync(stoppingToken);
    }

    private async Task RunAsync(long generation, CancellationToken lost)
    {
        try
        {
            await Task.Run(() => LeadAsync(generation, lost), CancellationToken.None);
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            // As it was asked to.
        }
        catch (Exception e)
        {
            _failed.TrySetException(e);
        }
    }
}

/// <summary>Where bluegreen tells this worker its role.</summary>
public static class LeaderEndpoint
{
    /// <summary>Hands every message to each <see cref="LeaderService"/>, and acknowledges it when all of them have done what it says.</summary>
    /// <param name="app">The app.</param>
    /// <param name="path">The same as <c>roles.path</c>.</param>
    public static IEndpointConventionBuilder MapLeaderServices(this IEndpointRouteBuilder app, string path = "/-/role")
    {
        ArgumentNullException.ThrowIfNull(app);
        var leaders = app.ServiceProvider.GetServices<IHostedService>().OfType<LeaderService>().ToList();
        return app.MapPost(path, async (RoleMessage message) =>
        {
            var taken = await Task.WhenAll(leaders.Select(leader => leader.TellAsync(message)));
            return taken.All(yes => yes) ? Results.NoContent() : Results.Conflict();
        });
    }
}
