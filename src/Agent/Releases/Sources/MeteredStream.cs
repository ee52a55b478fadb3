using System.IO.Hashing;

namespace BlueGreen.Agent.Releases.Sources;

/// <summary>Passes reads through, and keeps count and CRC-32 of the bytes. Does not own the inner stream.</summary>
internal sealed class MeteredStream(Stream inner) : Stream
{
    private readonly Crc32 _checksum = new();

    /// <summary>The bytes read so far.</summary>
    public long Count { get; private set; }

    /// <summary>CRC-32 of the bytes read so far, as zip and gzip use it.</summary>
    public uint Checksum => _checksum.GetCurrentHashAsUInt32();

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int count = inner.Read(buffer);
        _checksum.Append(buffer[..count]);
        Count += count;
        return count;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush() => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
