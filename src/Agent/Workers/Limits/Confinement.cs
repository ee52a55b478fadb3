using System.Globalization;

namespace BlueGreen.Agent.Workers.Limits;

/// <summary>What one process is started with: limits that this front can give, with users and groups as numbers.</summary>
internal sealed record Confinement
{
    /// <summary>Who it runs as; null: as the front.</summary>
    public Account? Account { get; init; }

    /// <inheritdoc cref="ProcessLimits.Nice"/>
    public int? Nice { get; init; }

    /// <inheritdoc cref="ProcessLimits.OpenFiles"/>
    public int? OpenFiles { get; init; }

    /// <inheritdoc cref="ProcessLimits.Umask"/>
    public UnixFileMode? Umask { get; init; }

    /// <summary>The memory it may use; null: all there is.</summary>
    public MemoryAllowance? Memory { get; init; }

    /// <summary>The environment of a process with what a login of its user would set; what is there already stays.</summary>
    /// <param name="confinement">How it is confined, if it is.</param>
    /// <param name="environment">What it is given besides.</param>
    public static Dictionary<string, string> Complete(Confinement? confinement, IReadOnlyDictionary<string, string> environment)
    {
        var complete = new Dictionary<string, string>(confinement?.Account?.Environment ?? new Dictionary<string, string>());
        foreach (var (name, value) in environment)
        {
            complete[name] = value;
        }

        return complete;
    }

    /// <summary>That of some limits; null where they change nothing but the folder.</summary>
    /// <param name="limits">What is configured.</param>
    /// <param name="name">The name of the process.</param>
    /// <param name="groups">Where memory is limited.</param>
    /// <param name="powersNow">What the front may do; asked only where there is something to give.</param>
    /// <exception cref="LimitsException">The front cannot give them.</exception>
    public static Confinement? Of(ProcessLimits limits, string name, ControlGroups groups, Func<FrontPowers> powersNow)
    {
        if (limits with { Folder = null } == ProcessLimits.None)
        {
            return null;
        }

        var powers = powersNow();
        if (LimitsCheck.Problems(limits, powers).FirstOrDefault() is { } problem)
        {
            throw new LimitsException($"limits.{problem}");
        }

        if (limits.Memory is not null)
        {
            groups.Prepare();
        }

        var account = Account.Of(limits);
        return new Confinement
        {
            Account = account is not null && account.Uid == powers.Uid && account.Gid == powers.Gid ? null : account,
            Nice = limits.Nice,
            OpenFiles = limits.OpenFiles,
            Umask = limits.Umask,
            Memory = limits.Memory is { } bytes ? new MemoryAllowance(groups, name, bytes) : null,
        };
    }

    /// <summary>The umask in octal.</summary>
    public string? UmaskText => Umask is { } mask ? Convert.ToString((int)mask, 8).PadLeft(3, '0') : null;

    /// <summary>A number as the tools take it.</summary>
    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
