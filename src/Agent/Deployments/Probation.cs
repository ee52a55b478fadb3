namespace BlueGreen.Agent.Deployments;

/// <summary>
/// The time after its switch in which a new release has to prove itself. Ends once, by whatever comes first: a failure, another
/// switch, its time. Thread-safe.
/// </summary>
internal sealed class Probation
{
    private readonly TaskCompletionSource<ProbationOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> _rolledBack = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _timer;

    /// <summary>Begins it.</summary>
    /// <param name="live">The release.</param>
    /// <param name="until">Its end.</param>
    /// <param name="fallback">The number of the release it is rolled back to.</param>
    /// <param name="fallbackGeneration">The generation of that release's workers.</param>
    /// <param name="time">The clock.</param>
    public Probation(LiveRelease live, DateTimeOffset until, int fallback, long fallbackGeneration, TimeProvider time)
    {
        Live = live;
        Until = until;
        Fallback = fallback;
        FallbackGeneration = fallbackGeneration;
        var left = until - time.GetUtcNow();
        _timer = time.CreateTimer(
            static state => ((Probation)state!).End(new ProbationOutcome.Passed()), this,
            left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The release on probation.</summary>
    public LiveRelease Live { get; }

    /// <summary>When it is over.</summary>
    public DateTimeOffset Until { get; }

    /// <summary>The number of the release it is rolled back to.</summary>
    public int Fallback { get; }

    /// <summary>The generation of that release's workers, which are kept running meanwhile.</summary>
    public long FallbackGeneration { get; }

    /// <summary>Completes with its end.</summary>
    public Task<ProbationOutcome> Outcome => _outcome.Task;

    /// <summary>After a failure: completes with whether the app was rolled back.</summary>
    public Task<bool> RolledBack => _rolledBack.Task;

    /// <summary>Completes when nothing more can come of it: it has passed, was superseded, or its failure has been answered.</summary>
    public Task Settled => SettleAsync();

    /// <summary>A worker of the release crashed or fails its checks.</summary>
    public void Fail(DeploymentFailure failure) => End(new ProbationOutcome.Failed(failure));

    /// <summary>Something else was switched to, or the app ends.</summary>
    public void Supersede() => End(new ProbationOutcome.Superseded());

    /// <summary>The rollback that a failure asked for has ended.</summary>
    public void Answer(bool rolledBack) => _rolledBack.TrySetResult(rolledBack);

    private async Task SettleAsync()
    {
        if (await Outcome is ProbationOutcome.Failed)
        {
            await RolledBack;
        }
    }

    private void End(ProbationOutcome outcome)
    {
        if (_outcome.TrySetResult(outcome))
        {
            _timer.Dispose();
        }
    }
}
