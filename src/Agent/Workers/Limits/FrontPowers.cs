using System.Globalization;

namespace BlueGreen.Agent.Workers.Limits;

/// <summary>What the kernel lets this process do to those it starts.</summary>
/// <param name="Uid">Its effective user.</param>
/// <param name="Gid">Its effective group.</param>
/// <param name="Capabilities">Its effective capabilities, a bit each (capabilities(7)).</param>
/// <param name="Nice">Its own nice value.</param>
/// <param name="LeastNice">The lowest nice value it may give without a capability (RLIMIT_NICE).</param>
/// <param name="HardFiles">The most files it may let a process open without a capability (RLIMIT_NOFILE).</param>
internal sealed record FrontPowers(uint Uid, uint Gid, ulong Capabilities, int Nice, int LeastNice, long HardFiles)
{
    /// <summary>What starting processes as another user, serving by them and ending them takes.</summary>
    public static readonly IReadOnlyList<(string Name, int Bit)> ForOtherUsers =
    [
        ("CAP_CHOWN", 0), ("CAP_DAC_OVERRIDE", 1), ("CAP_KILL", 5), ("CAP_SETGID", 6), ("CAP_SETUID", 7), ("CAP_SYS_PTRACE", 19),
    ];

    private const int SysNice = 23; // CAP_SYS_NICE
    private const int SysResource = 24; // CAP_SYS_RESOURCE

    /// <summary>The most files any process of this machine may open.</summary>
    public static long MostFiles => long.Parse(File.ReadAllText("/proc/sys/fs/nr_open"), CultureInfo.InvariantCulture);

    /// <summary>Those of this process now.</summary>
    public static FrontPowers Current()
    {
        var limits = File.ReadAllLines("/proc/self/limits");
        var stat = File.ReadAllText("/proc/self/stat");
        return new FrontPowers(
            Effective("Uid:"),
            Effective("Gid:"),
            ulong.Parse(ProcessStatus.Line("self", "CapEff:")!, NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            // Field 19; the third follows the last bracket.
            int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19 - 3], CultureInfo.InvariantCulture),
            // setrlimit(2): the limit is 20 - nice.
            20 - (int)Math.Min(Limit("Max nice priority", soft: true), 40),
            Limit("Max open files", soft: false));

        long Limit(string name, bool soft)
        {
            var fields = limits.First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..]
                .Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return long.TryParse(fields[soft ? 0 : 1], CultureInfo.InvariantCulture, out var value) ? value : long.MaxValue;
        }
    }

    /// <summary>The capabilities that starting processes as another user takes and this process lacks.</summary>
    public IReadOnlyList<string> MissingForOtherUsers => [.. ForOtherUsers.Where(needed => !Has(needed.Bit)).Select(needed => needed.Name)];

    /// <summary>Whether it may start processes with this nice value.</summary>
    public bool MayNice(int nice) => nice >= Nice || nice >= LeastNice || Has(SysNice);

    /// <summary>Whether it may let processes open so many files.</summary>
    public bool MayOpen(int files) => files <= HardFiles || Has(SysResource);

    private bool Has(int capability) => (Capabilities >> capability & 1) == 1;

    // Real, effective, saved, file system.
    private static uint Effective(string line) =>
        uint.Parse(ProcessStatus.Line("self", line)!.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
