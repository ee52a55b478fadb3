using BlueGreen.Load;

namespace BlueGreen.EndToEnd.Tests.Harness;

/// <summary>A strict keep-alive load that runs while a test does something else, until it is stopped.</summary>
public sealed class RunningLoad : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly KeepAliveLoad _load;
    private readonly Task<LoadReport> _report;

    private RunningLoad(LoadOptions options)
    {
        _load = new KeepAliveLoad(options);
        _report = _load.RunAsync(_stop.Token);
    }

    /// <summary>Starts a load and waits until it flows.</summary>
    /// <param name="target">Where its GETs go.</param>
    /// <param name="connections">Kept-alive connections, each with one request after the other.</param>
    public static async Task<RunningLoad> StartAsync(Uri target, int connections = 10)
    {
        var running = new RunningLoad(new LoadOptions { Target = target, Connections = connections });
        await running.FurtherAsync(20 * connections);
        return running;
    }

    /// <summary>Waits until that many requests more have ended.</summary>
    public Task FurtherAsync(long count) => _load.ReachFurtherAsync(count).WaitAsync(TestContext.Current.CancellationToken);

    /// <summary>Ends the load; what is under way is finished first.</summary>
    public async Task<LoadReport> StopAsync()
    {
        await _stop.CancelAsync();
        return await _report;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }
}
