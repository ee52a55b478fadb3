namespace BlueGreen.Agent.Workers.Limits;

/// <summary>Who the processes of one type run as, and what each of them may use. Null, which is the default: as the front itself.</summary>
internal sealed record ProcessLimits
{
    /// <summary>The fewest files a process can be given: a runtime and a few connections.</summary>
    public const int FewestFiles = 64;

    /// <summary>The least memory a process can be given: 8 MiB, below which hardly a shell starts.</summary>
    public const long LeastMemory = 8 * 1024 * 1024;

    /// <summary>The highest priority there is (nice(2)).</summary>
    public const int LeastNice = -20;

    /// <summary>The lowest priority there is.</summary>
    public const int MostNice = 19;

    /// <summary>Nothing is said.</summary>
    public static readonly ProcessLimits None = new();

    /// <summary>The name or the number of a user of this machine.</summary>
    public string? User { get; init; }

    /// <summary>The name or the number of a group of this machine; only with a user. Null: the user's own.</summary>
    public string? Group { get; init; }

    /// <summary>The nice value, not an increment: -20 to 19.</summary>
    public int? Nice { get; init; }

    /// <summary>Files that may be open at once (RLIMIT_NOFILE, soft and hard): at least <see cref="FewestFiles"/>.</summary>
    public int? OpenFiles { get; init; }

    /// <summary>Bytes of memory, of the process and all it starts; at least <see cref="LeastMemory"/>.</summary>
    public long? Memory { get; init; }

    /// <summary>What new files are not for (umask(2)): bits of the group and of others.</summary>
    public UnixFileMode? Umask { get; init; }

    /// <summary>The working folder: absolute, or within the release. Null: the release.</summary>
    public string? Folder { get; init; }
}
