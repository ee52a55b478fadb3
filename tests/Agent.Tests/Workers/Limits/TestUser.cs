using BlueGreen.Agent.Workers.Limits;

namespace BlueGreen.Agent.Tests.Workers.Limits;

/// <summary>A user that every Debian has, and that is not who the tests run as.</summary>
internal static class TestUser
{
    public const string Name = "daemon";

    /// <summary>Whether processes can be started as that user here.</summary>
    public static bool IsAllowed => FrontPowers.Current().MissingForOtherUsers.Count == 0;

    public static ProcessLimits Limits { get; } = new() { User = Name };

    public static Account Account { get; } = Account.Of(Limits)!;

    /// <summary>How the tests' own processes would be confined.</summary>
    public static Confinement? Confine(ProcessLimits limits) => Confinement.Of(limits, "web.1.1", NoGroups, FrontPowers.Current);

    /// <summary>A machine without control groups.</summary>
    public static ControlGroups NoGroups { get; } = new(() => null, _ => false);

    /// <summary>
    /// Where the tests do not run as root, there is no such process to look at: then that it is refused, and how, is what there is to test.
    /// </summary>
    public static void AssertRefused(ProcessLimits limits)
    {
        var refused = Assert.Throws<LimitsException>(() => Confine(limits));
        Assert.Contains("run the front as root", refused.Message, StringComparison.Ordinal);
    }
}
