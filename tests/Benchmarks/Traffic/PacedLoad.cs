using System.Diagnostics;
using System.Text;
using BlueGreen.Benchmarks.Running;
using BlueGreen.Load;
using BlueGreen.Load.Http;

namespace BlueGreen.Benchmarks.Traffic;

/// <summary>
/// Kept connections, each with a pause after every answer; every request is kept with its time. With pauses the machine has air, so that
/// what is seen is the proxy's doing; without, all compete for it. Disposing it ends it.
/// </summary>
internal sealed class PacedLoad : IAsyncDisposable
{
    private static readonly byte[] Get = Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {Topology.Host}\r\n\r\n");

    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(TimeLimit.Token);
    private readonly TimeSpan _pause;
    private readonly List<(long Ended, long Ticks)>[] _seen;
    private readonly Task _running;
    private int _failed;

    /// <summary>Begins it.</summary>
    /// <param name="address">Where it goes.</param>
    /// <param name="connections">How many at once.</param>
    /// <param name="pause">After each answer; zero: none.</param>
    public PacedLoad(Uri address, int connections, TimeSpan pause)
    {
        _pause = pause;
        _seen = [.. Enumerable.Range(0, connections).Select(_ => new List<(long, long)>())];
        _running = Task.WhenAll(_seen.Select(seen => Task.Run(() => AskAsync(address, seen))));
    }

    /// <summary>Requests that failed so far.</summary>
    public int Failed => Volatile.Read(ref _failed);

    /// <summary>Ends it.</summary>
    public async Task EndAsync()
    {
        await _end.CancelAsync();
        await _running;
    }

    /// <summary>How long the 99th of 100 requests took that ended between two moments. Once it has ended.</summary>
    public TimeSpan P99(long from, long to)
    {
        var within = new Latencies();
        foreach (var (ended, ticks) in _seen.SelectMany(seen => seen))
            if (ended >= from && ended < to)
                within.Record(ticks);
        return within.P99;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _end.Dispose();
    }

    private async Task AskAsync(Uri address, List<(long Ended, long Ticks)> seen)
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                using var connection = await HttpConnection.ConnectAsync(address, keepBodies: false, _end.Token);
                while (true)
                {
                    var sent = Stopwatch.GetTimestamp();
                    var answer = await connection.ExchangeAsync(Get, _end.Token);
                    var now = Stopwatch.GetTimestamp();
                    seen.Add((now, now - sent));
                    if (answer.Status != 200)
                        Interlocked.Increment(ref _failed);
                    if (_pause > TimeSpan.Zero)
                        await Task.Delay(_pause, _end.Token);
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
