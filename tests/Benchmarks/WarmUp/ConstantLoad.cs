using System.Diagnostics;
using System.Text;
using BlueGreen.Load;
using BlueGreen.Load.Http;

namespace BlueGreen.Benchmarks.WarmUp;

/// <summary>
/// So many requests a second, whatever the answers take: each has its moment, and what it waits because the one before it on its
/// connection is late is part of what it took. Every one is kept. Disposing it ends it.
/// </summary>
internal sealed class ConstantLoad : IAsyncDisposable
{
    private static readonly byte[][] Requests =
    [
        .. new[] { "/", "/products?page=2", "/products/17", "/search?q=tag3" }
            .Select(target => Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n")),
    ];

    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(TimeLimit.Token);
    private readonly List<LoadedRequest>[] _seen;
    private readonly Task _running;
    private int _failed;

    /// <summary>Begins it.</summary>
    /// <param name="address">Where it goes.</param>
    /// <param name="connections">How many are kept.</param>
    /// <param name="rate">Requests a second, over all connections.</param>
    public ConstantLoad(Uri address, int connections, int rate)
    {
        var begin = Stopwatch.GetTimestamp();
        var every = Stopwatch.Frequency / rate;
        _seen = [.. Enumerable.Range(0, connections).Select(_ => new List<LoadedRequest>())];
        _running = Task.WhenAll(_seen.Select((seen, number) => Task.Run(() => AskAsync(address, seen, number, begin + (number * every), connections * every))));
    }

    /// <summary>Requests that failed so far.</summary>
    public int Failed => Volatile.Read(ref _failed);

    /// <summary>Ends it.</summary>
    /// <returns>All requests in the order they were sent in.</returns>
    public async Task<IReadOnlyList<LoadedRequest>> EndAsync()
    {
        await _end.CancelAsync();
        await _running;
        return [.. _seen.SelectMany(seen => seen).OrderBy(request => request.Sent)];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _end.Dispose();
    }

    private async Task AskAsync(Uri address, List<LoadedRequest> seen, int number, long due, long every)
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                using var connection = await HttpConnection.ConnectAsync(address, keepBodies: false, _end.Token);
                for (; ; due += every, number++)
                {
                    var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
                    if (wait > TimeSpan.Zero)
                        await Task.Delay(wait, _end.Token);
                    var sent = Stopwatch.GetTimestamp();
                    var answer = await connection.ExchangeAsync(Requests[number % Requests.Length], _end.Token);
                    // A timer that fires late is the client's fault, an answer that is late is not.
                    seen.Add(new LoadedRequest(sent, Stopwatch.GetTimestamp() - (wait > TimeSpan.Zero ? sent : due), answer.Header("X-Release") ?? ""));
                    if (answer.Status != 200)
                        Interlocked.Increment(ref _failed);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (ExchangeFailedException)
            {
                Interlocked.Increment(ref _failed);
            }
        }
    }
}
