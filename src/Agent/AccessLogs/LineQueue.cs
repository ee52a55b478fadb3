using System.Buffers;
using System.IO.Pipelines;

namespace BlueGreen.Agent.AccessLogs;

/// <summary>
/// Lines in memory, on their way from the requests to the thread that writes them. Taking one costs a copy; what finds no room is dropped
/// and counted. The lock guards everything but the pipe's reading end, which is the thread's.
/// </summary>
/// <param name="most">Bytes that may wait.</param>
internal sealed class LineQueue(int most)
{
    private const int Segment = 64 * 1024;

    // Not a Lock: the thread waits on it.
    private readonly object _gate = new();
    private readonly Pipe _lines = new(new PipeOptions(minimumSegmentSize: Segment, pauseWriterThreshold: 0, useSynchronizationContext: false));
    private int _waiting;
    private long _dropped;
    private bool _isClosed;
    private bool _isToReopen;

    /// <summary>Takes a line, or drops it where there is no room. False when it was closed before: the line is another's to take.</summary>
    public bool TryAdd(ReadOnlySpan<byte> line)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            if (line.Length > most - _waiting)
            {
                _dropped++;
                return true;
            }

            _lines.Writer.Write(line);
            var before = _waiting;
            _waiting += line.Length;
            // The thread is woken for the first line, and for those that cannot wait for the others.
            if (before == 0 || (before < most / 2 && _waiting >= most / 2))
            {
                Monitor.Pulse(_gate);
            }

            return true;
        }
    }

    /// <summary>Takes no more lines.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>The thread is to open the file anew.</summary>
    public void AskToReopen()
    {
        lock (_gate)
        {
            _isToReopen = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits for lines and, for so long, for others to be written with them; or until there is something else to do.</summary>
    /// <param name="together">How long.</param>
    /// <param name="isStuck">Many lines are no reason to wait less.</param>
    /// <param name="reopens">Whether the file is to be opened anew, after the lines so far have been written to it.</param>
    /// <returns>False when it is closed.</returns>
    public bool Await(TimeSpan together, bool isStuck, out bool reopens)
    {
        lock (_gate)
        {
            while (_waiting == 0 && !_isToReopen && !_isClosed)
            {
                Monitor.Wait(_gate);
            }

            var until = Environment.TickCount64 + (long)together.TotalMilliseconds;
            while ((isStuck || _waiting < most / 2) && !_isToReopen && !_isClosed && until - Environment.TickCount64 is > 0 and var left)
            {
                Monitor.Wait(_gate, (int)left);
            }

            (reopens, _isToReopen) = (_isToReopen, false);
            // Complete at once: the pipe has no limit of its own, and its reader never waits.
            _lines.Writer.FlushAsync().AsTask().Wait();
            return !_isClosed;
        }
    }

    /// <summary>The lines to write, followed by <see cref="Took"/>.</summary>
    public ReadOnlySequence<byte> Peek() => _lines.Reader.TryRead(out var read) ? read.Buffer : ReadOnlySequence<byte>.Empty;

    /// <summary>So many of them are written; the others come again.</summary>
    public void Took(ReadOnlySequence<byte> peeked, SequencePosition end)
    {
        if (peeked.IsEmpty)
        {
            return;
        }

        var bytes = peeked.Slice(0, end).Length;
        _lines.Reader.AdvanceTo(end);
        lock (_gate)
        {
            _waiting -= (int)bytes;
        }
    }

    /// <summary>How many were dropped since it was asked last.</summary>
    public long TakeDropped()
    {
        lock (_gate)
        {
            (var dropped, _dropped) = (_dropped, 0);
            return dropped;
        }
    }
}
