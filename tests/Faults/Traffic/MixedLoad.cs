namespace BlueGreen.Faults.Traffic;

/// <summary>
/// What a busy app has at once: quick requests on kept connections, slow ones, POSTs that must happen once, streams and WebSockets. It
/// accounts for every exchange, and its clients retry nothing.
/// </summary>
public sealed class MixedLoad : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    private MixedLoad(Uri front, MixedLoadOptions options)
    {
        _running = Task.WhenAll(Clients(front, options).Select(client => Task.Run(() => client(_stop.Token))));
    }

    /// <summary>What the ids of its POSTs begin with, and no other load's.</summary>
    public string Prefix { get; } = $"{Guid.NewGuid():N}-";

    /// <summary>What became of the exchanges.</summary>
    public TrafficLog Log { get; } = new();

    /// <summary>Starts a load and waits until it flows.</summary>
    /// <param name="front">Where the front listens.</param>
    /// <param name="options">Its size.</param>
    public static async Task<MixedLoad> StartAsync(Uri front, MixedLoadOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var load = new MixedLoad(front, options);
        await load.FurtherAsync(10 * (options.Gets + options.Posts));
        return load;
    }

    /// <summary>Waits until that many exchanges more have ended.</summary>
    public Task FurtherAsync(long count) => Log.ReachFurtherAsync(count).WaitAsync(TimeLimit.Token);

    /// <summary>Ends the load; what is under way is finished first.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
        Log.Complete();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private IEnumerable<Func<CancellationToken, Task>> Clients(Uri front, MixedLoadOptions options)
    {
        for (var client = 0; client < options.Gets; client++)
            yield return Kept(new GetScript(
                ExchangeKind.Get, front, TimeSpan.Zero, options.Pause, body => body.Contains(" release ", StringComparison.Ordinal)));
        for (var client = 0; client < options.Posts; client++)
            yield return Kept(new PostScript(new Uri(front, "/record?signed"), $"{Prefix}{client}-", options.Pause));
        for (var client = 0; client < options.SlowGets; client++)
            yield return Kept(SlowGet(front, options.Pieces * Every(client)));
        for (var client = 0; client < options.Streams; client++)
            yield return Kept(Stream(front, options.Pieces, Every(client)));
        for (var client = 0; client < options.WebSockets; client++)
            yield return new WebSocketClient(front, options.Pieces, Every(client), options.Timeout, Log).RunAsync;

        Func<CancellationToken, Task> Kept(IScript script) => new KeptClient(front, script, options.Timeout, Log).RunAsync;

        // Not all in step: at any moment some of them are to have a while to go.
        TimeSpan Every(int client) => options.Every * (1 + (0.4 * client));
    }

    private static GetScript SlowGet(Uri front, TimeSpan time)
    {
        var ms = (int)time.TotalMilliseconds;
        return new GetScript(
            ExchangeKind.SlowGet, new Uri(front, $"/slow?ms={ms}"), time, TimeSpan.Zero, body => body == $"after {ms} ms\n");
    }

    private static GetScript Stream(Uri front, int pieces, TimeSpan every)
    {
        var whole = string.Concat(Enumerable.Range(1, pieces).Select(piece => $"chunk {piece} of {pieces}\n"));
        // A stream does not pause after its last piece.
        return new GetScript(ExchangeKind.Stream, new Uri(front, $"/stream?chunks={pieces}&every={(int)every.TotalMilliseconds}"),
            (pieces - 1) * every, TimeSpan.Zero, body => body == whole);
    }
}
