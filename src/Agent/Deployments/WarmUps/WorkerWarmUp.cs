using System.Net;
using System.Net.Sockets;

namespace BlueGreen.Agent.Deployments.WarmUps;

/// <summary>
/// Sends a worker requests before anybody else does, so that what it compiles, connects to and caches on its first requests is done by
/// then. Races the end of its process.
/// </summary>
/// <param name="options">How often and how long.</param>
/// <param name="host">The Host of the requests.</param>
/// <param name="requests">What; at least one.</param>
/// <param name="time">The clock.</param>
internal sealed class WorkerWarmUp(WarmUpOptions options, string host, IReadOnlyList<WarmUpRequest> requests, TimeProvider time)
{
    /// <summary>A worker that dies amid a request breaks the connection first; the reason that counts comes right after it.</summary>
    private static readonly TimeSpan UntilItsEndIsKnown = TimeSpan.FromMilliseconds(500);

    /// <summary>Warms a worker up.</summary>
    /// <param name="worker">Where it listens.</param>
    /// <param name="exited">Completes when its process has ended.</param>
    /// <param name="enough">Ends it early, as well as if its time were over.</param>
    /// <param name="cancel">The caller gives up.</param>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<WarmUpVerdict> RunAsync(EndPoint worker, Task exited, Task enough, CancellationToken cancel)
    {
        using var client = new WarmUpClient(worker, host, options.Concurrency);
        using var limit = new CancellationTokenSource(options.For, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        var tally = new WarmUpTally(options, requests);
        var sending = Task.WhenAll(Enumerable.Range(0, options.Concurrency).Select(_ => SendAsync(client, tally, over)));
        await Task.WhenAny(sending, exited, enough);
        await over.CancelAsync();
        await sending;
        cancel.ThrowIfCancellationRequested();
        if (tally.Refusal is not null)
        {
            await Task.WhenAny(exited, Task.Delay(UntilItsEndIsKnown, time, cancel));
        }

        return exited.IsCompleted ? new WarmUpVerdict.Exited()
            : tally.Refusal is { } refusal ? new WarmUpVerdict.Refused(refusal)
            : tally.Figures is var figures && figures.Answered == 0 && limit.IsCancellationRequested && requests[0].MustSucceed
                ? new WarmUpVerdict.Refused($"{requests[0]} had no answer within {options.For.TotalSeconds:0.###} s (warmup.for)")
            : new WarmUpVerdict.Warm(figures);
    }

    private async Task SendAsync(WarmUpClient client, WarmUpTally tally, CancellationTokenSource over)
    {
        while (!over.IsCancellationRequested && tally.TakeNext(out var round) is { } request)
        {
            var began = time.GetTimestamp();
            try
            {
                tally.NoteAnswer(request, round, await client.SendAsync(request, over.Token), time.GetElapsedTime(began));
            }
            catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException)
            {
                if (over.IsCancellationRequested)
                {
                    return;
                }

                tally.NoteBroken(request, round, Explain(e));
            }

            if (tally.Refusal is not null)
            {
                // The others are not waited for either.
                await over.CancelAsync();
            }
        }
    }

    private static string Explain(Exception e)
    {
        while (e is { InnerException: { } inner } and not SocketException)
        {
            e = inner;
        }

        return e is SocketException socket ? socket.Message.ToLowerInvariant() : e.Message;
    }
}
