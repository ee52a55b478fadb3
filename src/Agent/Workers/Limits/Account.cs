namespace BlueGreen.Agent.Workers.Limits;

/// <summary>Who a process runs as.</summary>
/// <param name="User">The user's name, whose further groups it has too.</param>
/// <param name="Uid">The user's number.</param>
/// <param name="Gid">The group's number.</param>
/// <param name="Home">The user's home folder.</param>
internal sealed record Account(string User, uint Uid, uint Gid, string Home)
{
    /// <summary>The one that is configured; null when none is, or this machine does not have it.</summary>
    public static Account? Of(ProcessLimits limits) =>
        limits.User is { } name && UserDatabase.FindUser(name) is { } user && GroupOf(limits, user) is { } group
            ? new Account(user.Name, user.Uid, group, user.Home)
            : null;

    /// <summary>What a login would set (environ(7)).</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["HOME"] = Home,
        ["USER"] = User,
        ["LOGNAME"] = User,
    };

    private static uint? GroupOf(ProcessLimits limits, UserEntry user) =>
        limits.Group is { } name ? UserDatabase.FindGroup(name) : user.Gid;
}
