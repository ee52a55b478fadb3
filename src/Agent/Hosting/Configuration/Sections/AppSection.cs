using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Hosting.Configuration.Binding;
using BlueGreen.Agent.Workers;

namespace BlueGreen.Agent.Hosting.Configuration.Sections;

/// <summary>The keys of one app.</summary>
internal static class AppSection
{
    /// <summary>Most workers of one release; more on one machine is a typing mistake.</summary>
    private const int MostInstances = 100;

    /// <summary>See <see cref="AppOptions"/>.</summary>
    public static Section<AppOptions> Section { get; } = new()
    {
        { "hosts", HostsReader.Hosts, (app, hosts) => app with { Hosts = hosts } },
        { "path", PathReader, (app, path) => app with { Path = path } },
        { "source", SourceSection.Read, (app, source) => app with { Source = source }, SourceSection.Keys },
        { "trust", TrustSection.Section, app => app.Trust, (app, trust) => app with { Trust = trust } },
        { "limits", ReleaseLimitsSection.Section, app => app.Limits, (app, limits) => app with { Limits = limits } },
        { "command", TextReaders.NotEmpty("a command line"), (app, command) => app with { Command = command } },
        { "bind", TextReaders.OneOf<BindKind?>(("auto", null), ("tcp", BindKind.Tcp), ("unix", BindKind.Unix)), (app, bind) => app with { Bind = bind } },
        { "instances", NumberReaders.Between(1, MostInstances), (app, instances) => app with { Instances = instances } },
        { "processes", ProcessesReader.Types, (app, processes) => app with { Processes = processes }, ProcessesReader.Keys },
        { "roles", RolesSection.Section, app => app.Roles ?? new(), (app, roles) => app with { Roles = roles } },
        { "env", EnvReader.Variables, (app, env) => app with { Env = env } },
        { "preflight", CommandSection.Command, (app, preflight) => app with { Preflight = preflight }, CommandSection.Keys },
        { "hooks", HooksSection.Hooks, (app, hooks) => app with { Hooks = hooks }, HooksSection.Keys },
        { "health", HealthSection.Section, app => app.Health, (app, health) => app with { Health = health } },
        { "warmup", WarmUpSection.Section, app => app.WarmUp, (app, warmUp) => app with { WarmUp = warmUp } },
        { "slowStart", DurationReaders.ZeroOrMore, (app, slowStart) => app with { SlowStart = slowStart } },
        { "hold", HoldSection.Section, app => app.Hold, (app, hold) => app with { Hold = hold } },
        { "probation", DurationReaders.ZeroOrMore, (app, probation) => app with { Probation = probation } },
        { "drain", DrainSection.Section, app => app.Drain, (app, drain) => app with { Drain = drain } },
        { "keep", KeepSection.Section, app => app.Keep, (app, keep) => app with { Keep = keep } },
        { "accessLog", AccessLogSection.Section, app => app.AccessLog ?? new(), (app, log) => app with { AccessLog = log } },
    };

    private static ValueReader<string> PathReader => TextReaders.Of<string>("a path such as /api", RequestPath.TryParsePrefix);
}
