using System.IO.Hashing;

namespace BlueGreen.Agent.Releases.Sources;

/// <summary>Passes reads through, and keeps count and CRC-32 of the bytes. Does not own the inner stream.</summary>
internal sealed class MeteredStream(Stream inner) : ForwardStream
{
    private readonly Crc32 _checksum = new();

    /// <summary>The bytes read so far.</summary>
    public long Count { get; private set; }

    /// <summary>CRC-32 of the bytes read so far, as zip uses it.</summary>
    public uint Checksum => _checksum.GetCurrentHashAsUInt32();

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int count = inner.Read(buffer);
        _checksum.Append(buffer[..count]);
        Count += count;
        return count;
    }
}
