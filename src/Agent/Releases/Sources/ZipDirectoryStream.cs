namespace BlueGreen.Agent.Releases.Sources;

/// <summary>
/// A zip file on its way to its reader, which takes the whole central directory into memory: that is bounded by what the allowed number
/// of entries can need, whatever number the file tells of. Does not own the file.
/// </summary>
internal sealed class ZipDirectoryStream(Stream file, ReleaseBudget budget) : Stream
{
    /// <summary>Bytes of a record (APPNOTE 4.3.12), on average: 46, and a path of 200 or less.</summary>
    private const int UsualRecord = 256;

    /// <summary>For the search for the directory's end, and for a few entries with long comments.</summary>
    private const int Slack = 1 << 20;

    private long _read;
    private bool _isRead;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => file.Length;

    /// <inheritdoc/>
    public override long Position
    {
        get => file.Position;
        set => file.Position = value;
    }

    /// <summary>What is read from here on is content.</summary>
    public void IsRead() => _isRead = true;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int count = file.Read(buffer);
        if (!_isRead)
        {
            _read += count;
            budget.CheckEntries((int)Math.Min(int.MaxValue, (_read - Slack) / UsualRecord));
        }

        return count;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

    /// <inheritdoc/>
    public override void Flush() => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
