namespace BlueGreen.Agent.Releases;

/// <summary>How much a release may hold, so that a mistake or a malicious archive does not fill the disk.</summary>
internal sealed record ReleaseLimits
{
    /// <summary>Bytes of all its files, unpacked. Default 8 GiB.</summary>
    public long Size { get; init; } = 8L << 30;

    /// <summary>Files, folders and links. Default 200000.</summary>
    public int Entries { get; init; } = 200_000;

    /// <summary>
    /// How many times larger than an archive its content may be. Default 200: programs and text come to 3 to 20, deflate of nothing
    /// but zeros to 1030.
    /// </summary>
    public int Ratio { get; init; } = 200;
}
