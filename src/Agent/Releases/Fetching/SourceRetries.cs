using Polly;
using Polly.Retry;

namespace BlueGreen.Agent.Releases.Fetching;

/// <summary>Tries again what may work later: with growing, jittered pauses, or when the source says. Thread-safe.</summary>
internal sealed class SourceRetries
{
    /// <summary>After so many tries that brought nothing, it has failed.</summary>
    private const int Tries = 5;

    /// <summary>A source that wants to be left alone for longer is not waited for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ResiliencePipeline _pipeline;

    /// <param name="time">The clock of the pauses.</param>
    /// <param name="firstPause">About how long the first pause is; each further one is twice the one before. Default 0.5 s.</param>
    public SourceRetries(TimeProvider time, TimeSpan? firstPause = null) => _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<SourceException>(e => e.IsTransient && (e.RetryAfter ?? TimeSpan.Zero) <= Patience),
            MaxRetryAttempts = Tries - 1,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = firstPause ?? TimeSpan.FromMilliseconds(500),
            // Null: the backoff above.
            DelayGenerator = failed => ValueTask.FromResult((failed.Outcome.Exception as SourceException)?.RetryAfter),
        })
        .Build();

    /// <summary>Does something, several times if it must be.</summary>
    /// <exception cref="SourceException">It failed for good; what the last try said.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> attempt, CancellationToken cancel) =>
        await _pipeline.ExecuteAsync(async token => await attempt(token), cancel);
}
