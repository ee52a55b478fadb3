using System.Globalization;
using BlueGreen.Agent.AccessLogs;
using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Deployments.Roles;
using BlueGreen.Agent.Deployments.WarmUps;
using BlueGreen.Agent.Releases.Fetching;

namespace BlueGreen.Agent.Hosting.Configuration;

/// <summary>
/// Compares two configurations of one app. How requests are routed, checked and drained changes at once; what a worker is
/// started with belongs to its release and changes with the next one.
/// </summary>
internal static class AppDiff
{
    private const string Now = "(now)";
    private const string NextRelease = "(from the next release on)";

    /// <summary>One line a changed key, in the order of the file's documentation.</summary>
    public static IEnumerable<string> Between(AppOptions old, AppOptions @new)
    {
        IEnumerable<string?> lines =
        [
            Line("hosts", Hosts(old), Hosts(@new), Now),
            Line("path", old.Path, @new.Path, Now),
            .. Source(old.Source, @new.Source),
            Line("trust.keys", Keys(old), Keys(@new), NextRelease),
            Line("trust.require", YesOrNo(old.Trust.Require), YesOrNo(@new.Trust.Require), NextRelease),
            Line("trust.sequence", YesOrNo(old.Trust.Sequence), YesOrNo(@new.Trust.Sequence), NextRelease),
            Line("limits.size", SizeText.Format(old.Limits.Size), SizeText.Format(@new.Limits.Size), NextRelease),
            Line("limits.entries", Number(old.Limits.Entries), Number(@new.Limits.Entries), NextRelease),
            Line("limits.ratio", Number(old.Limits.Ratio), Number(@new.Limits.Ratio), NextRelease),
            old.Command == @new.Command ? null : $"command {NextRelease}",
            Line("bind", Bind(old), Bind(@new), NextRelease),
            Line("instances", Number(old.Instances), Number(@new.Instances), NextRelease),
            .. Processes(old, @new),
            .. Roles(old.Roles, @new.Roles),
            Env(old, @new),
            old.Preflight == @new.Preflight ? null : $"preflight {NextRelease}",
            // Commands may hold secrets.
            old.Hooks == @new.Hooks ? null : $"hooks {Now}",
            Line("health.path", old.Health.Path ?? "default", @new.Health.Path ?? "default", Now),
            Line("health.interval", old.Health.Interval, @new.Health.Interval),
            Line("health.timeout", old.Health.Timeout, @new.Health.Timeout),
            Line("health.passes", Number(old.Health.Passes), Number(@new.Health.Passes), Now),
            Line("health.failures", Number(old.Health.Failures), Number(@new.Health.Failures), Now),
            Line("health.deadline", old.Health.Deadline, @new.Health.Deadline),
            .. Between(old.WarmUp, @new.WarmUp),
            Line("slowStart", old.SlowStart, @new.SlowStart),
            Line("hold.requests", Number(old.Hold.Limit), Number(@new.Hold.Limit), Now),
            Line("hold.wait", old.Hold.Wait, @new.Hold.Wait),
            Line("probation", old.Probation, @new.Probation),
            Line("drain.requests", old.Drain.Requests, @new.Drain.Requests),
            Line("drain.streams", old.Drain.Streams, @new.Drain.Streams),
            Line("drain.stop", old.Drain.Stop, @new.Drain.Stop),
            Line("keep.releases", Number(old.Keep.Releases), Number(@new.Keep.Releases), Now),
            Line("keep.warm", old.Keep.Warm, @new.Keep.Warm),
            .. Between(old.AccessLog, @new.AccessLog),
        ];
        return lines.OfType<string>().Select(line => $"{@new.Name}: {line}");
    }

    private static IEnumerable<string?> Between(WarmUpOptions old, WarmUpOptions @new) =>
    [
        Line("warmup.requests", List(old.Requests), List(@new.Requests), Now),
        Line("warmup.concurrency", Number(old.Concurrency), Number(@new.Concurrency), Now),
        Line("warmup.rounds", Number(old.Rounds), Number(@new.Rounds), Now),
        Line("warmup.for", old.For, @new.For),
        Line("warmup.statuses", List(old.Statuses), List(@new.Statuses), Now),
        Line("warmup.host", old.Host ?? "default", @new.Host ?? "default", Now),
        Line("warmup.replay", Number(old.Replay), Number(@new.Replay), Now),
        Line("warmup.replayQueries", YesOrNo(old.ReplayQueries), YesOrNo(@new.ReplayQueries), Now),
    ];

    private static IEnumerable<string?> Between(AccessLogOptions? old, AccessLogOptions? @new) => (old, @new) switch
    {
        (null, null) => [],
        (null, _) => [$"accessLog off -> {Format(@new)} {Now}"],
        (_, null) => [$"accessLog {Format(old)} -> off {Now}"],
        _ =>
        [
            Line("accessLog.format", Format(old), Format(@new), Now),
            Line("accessLog.path", old.Path ?? "default", @new.Path ?? "default", Now),
            Line("accessLog.size", SizeText.Format(old.Size), SizeText.Format(@new.Size), Now),
            Line("accessLog.keep", Number(old.Keep), Number(@new.Keep), Now),
        ],
    };

    private static IEnumerable<string?> Roles(RoleOptions? old, RoleOptions? @new) => (old, @new) switch
    {
        (null, null) => [],
        (null, _) => [$"roles off -> on {Now}"],
        (_, null) => [$"roles on -> off {Now}"],
        _ =>
        [
            Line("roles.path", old.Path ?? "none", @new.Path ?? "none", Now),
            Line("roles.timeout", old.Timeout, @new.Timeout),
            Line("roles.onTimeout", Word(old.OnTimeout), Word(@new.OnTimeout), Now),
        ],
    };

    private static string? Line(string key, string old, string @new, string when) =>
        old == @new ? null : $"{key} {old} -> {@new} {when}";

    private static string? Line(string key, TimeSpan old, TimeSpan @new) =>
        Line(key, DurationText.Format(old), DurationText.Format(@new), Now);

    private static IEnumerable<string?> Source(SourceOptions? old, SourceOptions? @new)
    {
        yield return Line("source", old?.Address.Shown ?? "none", @new?.Address.Shown ?? "none", NextRelease);
        if (old is null || @new is null)
        {
            yield break;
        }

        yield return old.Address.Shown == @new.Address.Shown && old.Address != @new.Address ? $"source: what is not shown of it {NextRelease}" : null;

        yield return Line("source.every", Every(old), Every(@new), Now);
        yield return Line("source.deploy", Word(old.Deploy), Word(@new.Deploy), Now);
        yield return Line("source.maxSize", SizeText.Format(old.MaxSize), SizeText.Format(@new.MaxSize), Now);
        yield return Line("source.connect", old.Connect, @new.Connect);
        yield return Line("source.stall", old.Stall, @new.Stall);
        // Without values: they may be secrets.
        yield return old.Auth == @new.Auth ? null : $"source.auth {Now}";
        yield return old.S3 == @new.S3 ? null : $"source.s3 {Now}";
        yield return old.GitHub == @new.GitHub ? null : $"source.github {Now}";
    }

    private static string Every(SourceOptions source) => source.Every is { } every ? DurationText.Format(every) : "never";

    /// <summary>Without the commands: they may hold secrets.</summary>
    private static IEnumerable<string?> Processes(AppOptions old, AppOptions @new) =>
        from type in old.Processes.Keys.Union(@new.Processes.Keys).Order(StringComparer.Ordinal)
        let before = old.Process(type)
        let after = @new.Process(type)
        from line in (string?[])
        [
            before.Command == after.Command ? null : $"processes.{type}.command {NextRelease}",
            Line($"processes.{type}.singleton", YesOrNo(before.Singleton), YesOrNo(after.Singleton), Now),
            Line($"processes.{type}.instances", Number(before.Instances), Number(after.Instances), Now),
            Line($"processes.{type}.timeout", before.Timeout, after.Timeout),
            .. ProcessLimitsDiff.Between(type, before.Limits, after.Limits),
        ]
        select line;

    /// <summary>Only the names: the values may be secrets.</summary>
    private static string? Env(AppOptions old, AppOptions @new)
    {
        var changed = old.Env.Except(@new.Env).Union(@new.Env.Except(old.Env)).Select(pair => pair.Key).Distinct();
        return changed.Any() ? $"env {string.Join(", ", changed.Order(StringComparer.Ordinal))} {NextRelease}" : null;
    }

    private static string Hosts(AppOptions app) =>
        app.Hosts.Count == 0 ? "all" : string.Join(", ", app.Hosts.Order(StringComparer.Ordinal));

    private static string Format(AccessLogOptions log) => log.Format.ToString().ToLowerInvariant();

    private static string Keys(AppOptions app) => List(app.Trust.Keys);

    private static string List<T>(IReadOnlyList<T> items) => items.Count == 0 ? "none" : string.Join(", ", items);

    private static string YesOrNo(bool value) => value ? "true" : "false";

    private static string Bind(AppOptions app) => app.Bind?.ToString().ToLowerInvariant() ?? "auto";

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
