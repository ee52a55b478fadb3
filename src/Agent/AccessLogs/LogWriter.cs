using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.AccessLogs;

/// <summary>
/// Takes lines to a file, on a thread of its own, so that nobody else ever waits for a disk. Lines that come within a tenth of a second
/// are written together. What the disk does not take, waits and is tried again; the log of the front has one line when that begins and
/// one when it is over.
/// </summary>
internal sealed class LogWriter
{
    /// <summary>Memory for lines that wait: about a second of what two cores can serve.</summary>
    private const int MostWaiting = 8 * 1024 * 1024;

    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenComplaints = TimeSpan.FromSeconds(10);

    private readonly string _app;
    private readonly RotatingFile _file;
    private readonly LineQueue _lines;
    private readonly ILogger _logger;
    private readonly Task _start;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isStuck;
    private long _complainsFrom = Environment.TickCount64;

    private LogWriter(string app, RotatingFile file, LineQueue lines, ILogger logger, Task start)
    {
        _app = app;
        _file = file;
        _lines = lines;
        _logger = logger;
        _start = start;
    }

    /// <summary>The file.</summary>
    public string Path => _file.Path;

    /// <summary>How much of it is kept.</summary>
    public FileLimits Limits
    {
        set => _file.Limits = value;
    }

    /// <summary>Starts to write to a file, which is made if need be.</summary>
    /// <param name="app">Whose log it is.</param>
    /// <param name="path">The file.</param>
    /// <param name="limits">How much of it is kept.</param>
    /// <param name="logger">Where trouble is told.</param>
    /// <param name="after">Completes when the file is free; null: it is.</param>
    /// <param name="mostWaiting">Bytes of lines that may wait.</param>
    public static LogWriter Start(
        string app, string path, FileLimits limits, ILogger logger, Task? after = null, int mostWaiting = MostWaiting)
    {
        var writer = new LogWriter(
            app, new RotatingFile(path) { Limits = limits }, new LineQueue(mostWaiting), logger, after ?? Task.CompletedTask);
        new Thread(writer.Run) { IsBackground = true, Name = $"access log of {app}" }.Start();
        return writer;
    }

    /// <inheritdoc cref="LineQueue.TryAdd"/>
    public bool TryAdd(ReadOnlySpan<byte> line) => _lines.TryAdd(line);

    /// <summary>Goes on in a file opened anew, as soon as what waits is written to the one before.</summary>
    public void Reopen() => _lines.AskToReopen();

    /// <summary>Takes no more lines; those it has are still written.</summary>
    public void Close() => _lines.Close();

    /// <summary>Completes when it was closed and its last lines are written, or could not be.</summary>
    public Task Ended => _ended.Task;

    private void Run()
    {
        _start.Wait();
        // At once, so that a path that cannot be written is not found out at the first request.
        Try(_file.Open);
        while (_lines.Await(_isStuck ? BetweenTries : Together, _isStuck, out var reopens))
        {
            Try(WriteOut);
            if (reopens)
            {
                _file.Close();
                Try(_file.Open);
            }

            if (!_isStuck && Environment.TickCount64 >= _complainsFrom)
            {
                TellOfDropped();
            }
        }

        Try(WriteOut);
        TellOfTheLast();
        _file.Close();
        _ended.SetResult();
    }

    private void WriteOut()
    {
        var lines = _lines.Peek();
        var rest = lines;
        try
        {
            while (!rest.IsEmpty)
            {
                rest = rest.Slice(_file.Append(rest));
                if (_file.TakeComplaint() is { } reason)
                {
                    _logger.LogWarning("The access log of {App}, {Path}, cannot be set aside and grows on: {Reason}", _app, Path, reason);
                }
            }
        }
        finally
        {
            _lines.Took(lines, rest.Start);
        }

        if (_isStuck && !lines.IsEmpty)
        {
            _isStuck = false;
            _logger.LogInformation("The access log of {App} is written again; {Dropped} lines were dropped", _app, _lines.TakeDropped());
        }
    }

    private void Try(Action step)
    {
        try
        {
            step();
        }
        catch (Exception e)
        {
            // Whatever it was: it is tried again, beginning with the opening of the file.
            _file.Close();
            if (!_isStuck)
            {
                _isStuck = true;
                _logger.LogWarning(
                    "The access log of {App} cannot be written to {Path}: {Reason}; requests are served all the same, their lines wait, and are dropped when there are too many",
                    _app, Path, e.Message);
            }
        }
    }

    private void TellOfDropped()
    {
        if (_lines.TakeDropped() is > 0 and var dropped)
        {
            _logger.LogWarning("The access log of {App} lacks {Dropped} lines, which came faster than {Path} took them", _app, dropped, Path);
            _complainsFrom = Environment.TickCount64 + (long)BetweenComplaints.TotalMilliseconds;
        }
    }

    private void TellOfTheLast()
    {
        var left = _lines.Peek();
        if (WholeLines.Count(left) + _lines.TakeDropped() is > 0 and var lost)
        {
            _logger.LogWarning("The access log of {App} lacks {Lost} lines at its end, which {Path} did not take", _app, lost, Path);
        }
    }
}
