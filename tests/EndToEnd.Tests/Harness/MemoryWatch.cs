namespace BlueGreen.EndToEnd.Tests.Harness;

/// <summary>Watches how much memory a process has in RAM (VmRSS), from one moment on.</summary>
public sealed class MemoryWatch : IAsyncDisposable
{
    private const int KilobytesOfMegabyte = 1024;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private readonly CancellationTokenSource _end = new();
    private readonly int _pid;
    private readonly Task _watching;

    /// <param name="pid">The process.</param>
    public MemoryWatch(int pid)
    {
        _pid = pid;
        Before = Most = Now;
        _watching = WatchAsync();
    }

    /// <summary>Megabytes at the beginning.</summary>
    public long Before { get; }

    /// <summary>The most that was seen since.</summary>
    public long Most { get; private set; }

    private long Now => ProcessTable.UsageOf(_pid).ResidentKilobytes / KilobytesOfMegabyte;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watching;
        _end.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            Most = Math.Max(Most, Now);
            await Task.Delay(Look, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
