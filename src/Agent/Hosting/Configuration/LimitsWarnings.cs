using BlueGreen.Agent.Deployments.Processes;
using BlueGreen.Agent.Workers.Limits;

namespace BlueGreen.Agent.Hosting.Configuration;

/// <summary>
/// Which limits of process types this process could not give on this machine. No errors of the configuration: users may come later, a front
/// may have other rights than who checks its file, and a front serves with what it has; it only starts no such process.
/// </summary>
internal static class LimitsWarnings
{
    /// <summary>One line each, in the order of the configuration.</summary>
    public static IEnumerable<string> Of(FrontOptions options)
    {
        var limited = options.Apps.SelectMany(app => app.Processes, (app, type) => (Key: $"apps.{app.Name}.processes.{type.Key}.limits", type.Value.Limits))
            .Where(type => type.Limits != ProcessLimits.None).ToArray();
        return limited.Length == 0
            ? []
            : Of(limited, FrontPowers.Current()).Concat(options.Apps.Select(OneGroup.FindProblem).OfType<string>());
    }

    private static IEnumerable<string> Of(IEnumerable<(string Key, ProcessLimits Limits)> limited, FrontPowers powers) =>
        limited.SelectMany(type => LimitsCheck.Problems(type.Limits, powers), (type, problem) => $"{type.Key}.{problem}");
}
