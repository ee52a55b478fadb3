using BlueGreen.Agent.Workers.Limits;

namespace BlueGreen.Agent.Deployments.Processes;

/// <summary>
/// A release lets one group in. So all processes of an app that run as other users than the front's need to be of one, whoever their users are.
/// </summary>
internal static class OneGroup
{
    /// <summary>What is wrong with an app's, in one line; null: nothing.</summary>
    public static string? FindProblem(AppOptions options)
    {
        var groups = options.Processes
            .Select(type => (type.Key, Account: Account.Of(type.Value.Limits)))
            .Where(type => type.Account is not null)
            .GroupBy(type => type.Account!.Gid, type => type.Key)
            .Select(group => string.Join(", ", group.Order(StringComparer.Ordinal)))
            .Order(StringComparer.Ordinal)
            .ToArray();
        return groups.Length > 1
            ? $"limits.group: the process types of {options.Name} that run as other users read one release, which lets one group in: give {string.Join(" and ", groups)} the same group"
            : null;
    }
}
