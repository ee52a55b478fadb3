using System.Globalization;

namespace BlueGreen.Agent.Workers.Limits;

/// <summary>Tells before anything is started what of some limits this machine or this front cannot give.</summary>
internal static class LimitsCheck
{
    /// <summary>One line a problem: the key, what is wrong, what to do.</summary>
    /// <param name="limits">What is configured.</param>
    /// <param name="powers">What the front may do.</param>
    public static IEnumerable<string> Problems(ProcessLimits limits, FrontPowers powers)
    {
        if (limits.User is { } user)
        {
            if (UserDatabase.FindUser(user) is null)
            {
                yield return $"user: this machine has no user '{user}': create it (useradd --system {user}), or name another";
            }
            else if (limits.Group is { } group && UserDatabase.FindGroup(group) is null)
            {
                yield return $"group: this machine has no group '{group}': create it (groupadd --system {group}), or name another";
            }
            else if (Account.Of(limits) is { } account && (account.Uid != powers.Uid || account.Gid != powers.Gid)
                && powers.MissingForOtherUsers is { Count: > 0 } missing)
            {
                yield return powers.Uid == 0
                    ? $"user: the front cannot start processes as '{user}' without {string.Join(", ", missing)}: allow it these (in its unit: CapabilityBoundingSet=, and an empty User=, since User=root costs CAP_SETUID), or remove the key"
                    : $"user: a front of user {Name(powers.Uid)} cannot start processes as '{user}': run the front as root, or remove the key";
            }
        }

        if (limits.Nice is { } nice && !powers.MayNice(nice))
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"nice: a front of user {Name(powers.Uid)} cannot go below {Math.Min(powers.Nice, powers.LeastNice)}: write that or more, or run the front as root or with CAP_SYS_NICE");
        }

        if (limits.OpenFiles is { } files)
        {
            if (files > FrontPowers.MostFiles)
            {
                yield return string.Create(CultureInfo.InvariantCulture,
                    $"files: this machine lets no process open more than {FrontPowers.MostFiles}: write that or less, or raise fs.nr_open (sysctl)");
            }
            else if (!powers.MayOpen(files))
            {
                yield return string.Create(CultureInfo.InvariantCulture,
                    $"files: the front may open no more than {powers.HardFiles} itself: raise its own limit (LimitNOFILE= of its unit, ulimit -Hn), or write that or less");
            }
        }
    }

    private static string Name(uint uid) => UserDatabase.FindUser(uid)?.Name ?? uid.ToString(CultureInfo.InvariantCulture);
}
