namespace BlueGreen.Agent.Releases.Sources;

/// <summary>What the first bytes of a file say it is.</summary>
internal enum ArchiveFormat
{
    /// <summary>No archive that can be unpacked.</summary>
    None,

    /// <summary>A plain tar archive.</summary>
    Tar,

    /// <summary>Compressed with gzip; a tar archive, if anything.</summary>
    Gzip,

    /// <summary>Compressed with zstd; a tar archive, if anything.</summary>
    Zstd,

    /// <summary>A zip archive.</summary>
    Zip,
}
