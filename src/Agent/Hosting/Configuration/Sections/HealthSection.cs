using BlueGreen.Agent.Health;
using BlueGreen.Agent.Hosting.Configuration.Binding;

namespace BlueGreen.Agent.Hosting.Configuration.Sections;

/// <summary>The keys of an app's <c>health</c>.</summary>
internal static class HealthSection
{
    /// <summary>More checks in a row would only make deploys, or the discovery of a failure, slow.</summary>
    private const int MostInARow = 100;

    /// <summary>See <see cref="HealthOptions"/>.</summary>
    public static Section<HealthOptions> Section { get; } = new(CheckTimeout)
    {
        { "path", PathReader, (health, path) => health with { Path = path } },
        { "interval", DurationReaders.MoreThanZero, (health, interval) => health with { Interval = interval } },
        { "timeout", DurationReaders.MoreThanZero, (health, timeout) => health with { Timeout = timeout } },
        { "passes", NumberReaders.Between(1, MostInARow), (health, passes) => health with { Passes = passes } },
        { "failures", NumberReaders.Between(1, MostInARow), (health, failures) => health with { Failures = failures } },
        { "deadline", DurationReaders.MoreThanZero, (health, deadline) => health with { Deadline = deadline } },
    };

    private static ValueReader<string> PathReader =>
        TextReaders.Of<string>("a path such as /healthz", RequestPath.TryParseTarget);

    /// <summary>
    /// A written timeout above the deadline is a mix-up of the two. The default timeout is not held against a short deadline:
    /// the deadline simply ends the check.
    /// </summary>
    private static void CheckTimeout(HealthOptions health, IReadOnlyDictionary<string, ConfigurationValue> given)
    {
        if (health.Timeout > health.Deadline && given.TryGetValue("timeout", out var timeout))
        {
            var deadline = DurationText.Format(health.Deadline);
            timeout.Report($"must not be longer than the deadline, which is {deadline}");
        }
    }
}
