using System.Net;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace BlueGreen.Agent.Hosting.Webhooks;

/// <summary>How a delivery that fails is tried again: after 1 s, 2 s, 4 s, ... up to 5 minutes, with jitter; for about half an hour in all.</summary>
internal static class WebhookRetries
{
    private const int Retries = 12;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan OneAttempt = TimeSpan.FromSeconds(10);

    /// <summary>Makes the strategy.</summary>
    /// <param name="time">The clock of the pauses.</param>
    /// <param name="onRetry">Told of each failure that another try follows: what it was, and the pause.</param>
    public static ResiliencePipeline<HttpResponseMessage> Create(TimeProvider time, Action<string, TimeSpan> onRetry) =>
        new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = Retries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = FirstPause,
                MaxDelay = LongestPause,
                ShouldHandle = attempt => ValueTask.FromResult(IsWorthAnother(attempt.Outcome)),
                DelayGenerator = attempt => ValueTask.FromResult(AskedFor(attempt.Outcome.Result)),
                OnRetry = attempt =>
                {
                    onRetry(Describe(attempt.Outcome), attempt.RetryDelay);
                    return ValueTask.CompletedTask;
                },
            })
            .AddTimeout(OneAttempt)
            .Build();

    /// <summary>What went wrong, in a few words.</summary>
    public static string Describe(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Result: { } answer } => $"it answered {(int)answer.StatusCode}",
        { Exception: TimeoutRejectedException } => $"it did not answer within {OneAttempt.TotalSeconds:0} s",
        _ => outcome.Exception!.Message,
    };

    // RFC 9110, 15.5 and 15.6: what the client has done wrong it would do wrong again, save too early, too often or too slow.
    private static bool IsWorthAnother(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Result: { } answer } => answer.StatusCode is >= HttpStatusCode.InternalServerError
            or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests,
        { Exception: HttpRequestException or TimeoutRejectedException or IOException or UnauthorizedAccessException } => true,
        _ => false,
    };

    /// <summary>Retry-After in seconds, where the receiver asks for a pause; null: the usual one.</summary>
    private static TimeSpan? AskedFor(HttpResponseMessage? answer) =>
        answer?.Headers.RetryAfter?.Delta is { } pause ? TimeSpan.FromTicks(Math.Min(pause.Ticks, LongestPause.Ticks)) : null;
}
