namespace BlueGreen.Agent.Releases.Sources;

/// <summary>
/// The bytes of a tar archive on their way to its reader. They are counted and bounded: all of them together, and those the reader keeps
/// in memory because they describe the next entry; a few compressed bytes could else make a name of gigabytes. The checksums of headers
/// are verified, which the reader does not, and where one is missing it takes the archive to be over. Does not own the inner stream.
/// </summary>
internal sealed class TarStream(Stream inner, string archive, ReleaseBudget budget) : ForwardStream
{
    /// <summary>Names and attributes of one entry come to some kilobytes at most; GNU tar itself writes no more.</summary>
    private const long LongestDescription = 1 << 20;

    private readonly byte[] _header = new byte[TarHeader.Length];
    private long _headerAt = -1;
    private long _bound = long.MaxValue;

    /// <summary>The bytes read so far.</summary>
    public long Count { get; private set; }

    /// <summary>What is read next describes an entry.</summary>
    public void BeginDescription()
    {
        _bound = Count + LongestDescription;
        _headerAt = (Count + TarHeader.Length - 1) / TarHeader.Length * TarHeader.Length;
    }

    /// <summary>What is read next is content.</summary>
    public void BeginContent()
    {
        _bound = long.MaxValue;
        _headerAt = -1;
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int count = inner.Read(buffer);
        LookAtHeaders(buffer[..count]);
        Count += count;
        return Count > budget.MostUnpacked ? throw budget.Expands()
            : Count > _bound ? throw new ReleaseException($"{archive} is refused: it needs more than {LongestDescription} bytes to describe one entry")
            : count;
    }

    /// <param name="bytes">Those from <see cref="Count"/> on.</param>
    private void LookAtHeaders(ReadOnlySpan<byte> bytes)
    {
        while (_headerAt >= 0)
        {
            long from = Math.Max(_headerAt, Count);
            long to = Math.Min(_headerAt + TarHeader.Length, Count + bytes.Length);
            if (from >= to)
            {
                return;
            }

            bytes[(int)(from - Count)..(int)(to - Count)].CopyTo(_header.AsSpan((int)(from - _headerAt)));
            if (to < _headerAt + TarHeader.Length)
            {
                return;
            }

            if (!TarHeader.IsRight(_header))
            {
                throw new InvalidDataException("the checksum of a header is wrong");
            }

            _headerAt = TarHeader.DescriptionLength(_header) is { } length ? _headerAt + length : -1;
        }
    }
}
