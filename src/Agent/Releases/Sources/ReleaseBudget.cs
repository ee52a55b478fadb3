using System.Globalization;

namespace BlueGreen.Agent.Releases.Sources;

/// <summary>What a release that is being made may still take. It is asked before each entry and each block is written. Used by one thread.</summary>
/// <param name="source">Where the release comes from, for messages.</param>
/// <param name="limits">How much it may hold.</param>
/// <param name="store">The folder of the store, for messages.</param>
/// <param name="room">Bytes the store's disk can give.</param>
internal sealed class ReleaseBudget(string source, ReleaseLimits limits, string store, long room)
{
    /// <summary>Small archives may expand as they like up to here: 64 MiB.</summary>
    private const long AlwaysFine = 64 << 20;

    /// <summary>Left to whoever else writes there, first of all the front's own state: 16 MiB, or a twentieth of a small disk.</summary>
    private const long Reserve = 16 << 20;

    private long _mostUnpacked = long.MaxValue;
    private long _bytes;
    private int _entries;

    /// <summary>A budget that leaves the reserve on the disk that holds <paramref name="folder"/>.</summary>
    /// <param name="source">Where the release comes from, for messages.</param>
    /// <param name="limits">How much it may hold.</param>
    /// <param name="store">The folder of the store, for messages.</param>
    /// <param name="folder">An existing folder on the disk.</param>
    public static ReleaseBudget OnDisk(string source, ReleaseLimits limits, string store, string folder)
    {
        var disk = new DriveInfo(folder);
        return new ReleaseBudget(source, limits, store, disk.AvailableFreeSpace - Math.Min(Reserve, disk.TotalSize / 20));
    }

    /// <summary>The most bytes an archive may expand to, its own headers included, once its size is known.</summary>
    public long MostUnpacked => _mostUnpacked;

    /// <summary>Tells how large the archive is that the content comes from.</summary>
    public void ComesFromArchive(long packed) =>
        _mostUnpacked = packed > long.MaxValue / limits.Ratio ? long.MaxValue : Math.Max(AlwaysFine, packed * limits.Ratio);

    /// <summary>Makes sure that there is room for some bytes more.</summary>
    /// <exception cref="ReleaseException">There is not.</exception>
    public void Check(long bytes)
    {
        if (_bytes + bytes > room)
        {
            throw new ReleaseException($"no space left in {store} for a copy of {source}; free some, or keep fewer releases");
        }

        CheckSize(_bytes + bytes);
        if (_bytes + bytes > _mostUnpacked)
        {
            throw Expands();
        }
    }

    /// <summary>Makes sure that a release may be that large.</summary>
    /// <exception cref="ReleaseException">It may not.</exception>
    public void CheckSize(long bytes)
    {
        if (bytes > limits.Size)
        {
            throw new ReleaseException(string.Create(
                CultureInfo.InvariantCulture,
                $"{source} is refused: it holds more than {limits.Size} bytes; if that is right, raise limits.size of the app"));
        }
    }

    /// <summary>Takes what is about to be written.</summary>
    /// <exception cref="ReleaseException">It is too much.</exception>
    public void TakeBytes(long bytes)
    {
        Check(bytes);
        _bytes += bytes;
    }

    /// <summary>Takes an entry that is about to be made.</summary>
    /// <exception cref="ReleaseException">It is one too many.</exception>
    public void TakeEntry() => CheckEntries(++_entries);

    /// <summary>Makes sure that there may be as many entries.</summary>
    /// <exception cref="ReleaseException">There may not.</exception>
    public void CheckEntries(int count)
    {
        if (count > limits.Entries)
        {
            throw new ReleaseException(string.Create(
                CultureInfo.InvariantCulture,
                $"{source} is refused: it has more than {limits.Entries} entries; if that is right, raise limits.entries of the app"));
        }
    }

    /// <summary>The error for an archive that expands too much.</summary>
    public ReleaseException Expands() => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{source} is refused: it unpacks to more than {limits.Ratio} times its size, as archives do that are made to fill disks; "
        + $"if that is right, raise limits.ratio of the app"));
}
