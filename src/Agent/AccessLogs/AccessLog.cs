using BlueGreen.Proxy.Exchanges;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.AccessLogs;

/// <summary>
/// The access log of one app, on or off. A request writes its line into memory, in the form of the moment; a thread of the log's own takes
/// it to the disk. Changes are under a lock, and lose no line.
/// </summary>
/// <param name="app">The app's name.</param>
/// <param name="defaultPath">The file where the options name none.</param>
/// <param name="logger">Where trouble is told.</param>
/// <param name="time">Its local time zone, and how long the end is waited for.</param>
internal sealed class AccessLog(string app, string defaultPath, ILogger<AccessLog> logger, TimeProvider time) : IAccessLog
{
    /// <summary>A disk that hangs must not keep the front from ending.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    [ThreadStatic]
    private static LineBuffer? _line;

    private readonly Lock _changing = new();
    private readonly List<LogWriter> _leaving = [];
    private volatile Destination? _destination;

    /// <summary>Applies what the configuration says now. Null: off.</summary>
    public void Configure(AccessLogOptions? options)
    {
        lock (_changing)
        {
            var before = _destination?.Writer;
            _destination = options is null ? null : new Destination(options.Format, WriterForNeedsLock(options, before));
            if (before is not null && before != _destination?.Writer)
            {
                before.Close();
                _leaving.Add(before);
            }

            _leaving.RemoveAll(writer => writer.Ended.IsCompleted);
        }
    }

    /// <summary>Opens the file anew, for whoever has moved it away.</summary>
    public void Reopen() => _destination?.Writer.Reopen();

    /// <inheritdoc/>
    public void Write(in ExchangeRecord record)
    {
        var line = _line ??= new LineBuffer();
        // A change closes the one before only when the next is there; so it ends.
        while (_destination is { } to)
        {
            line.Clear();
            if (to.Format == AccessLogFormat.Json)
            {
                JsonLine.Write(line, app, record);
            }
            else
            {
                CombinedLine.Write(line, record, time.LocalTimeZone);
            }

            if (to.Writer.TryAdd(line.Bytes))
            {
                return;
            }
        }
    }

    /// <summary>Switches it off and writes what is left.</summary>
    public async Task CloseAsync()
    {
        Configure(null);
        Task ended;
        lock (_changing)
        {
            ended = Task.WhenAll(_leaving.Select(writer => writer.Ended));
        }

        await ended.WaitAsync(Patience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!ended.IsCompleted)
        {
            logger.LogWarning("The last lines of the access log of {App} are lost: its disk does not answer", app);
        }
    }

    private LogWriter WriterForNeedsLock(AccessLogOptions options, LogWriter? before)
    {
        var path = options.Path ?? defaultPath;
        var limits = new FileLimits(options.Size, options.Keep);
        if (before?.Path != path)
        {
            // Where it had just been left for another: two at once would set it aside twice.
            var previous = _leaving.FindLast(writer => writer.Path == path);
            return LogWriter.Start(app, path, limits, logger, previous?.Ended);
        }

        before.Limits = limits;
        return before;
    }

    private sealed record Destination(AccessLogFormat Format, LogWriter Writer);
}
