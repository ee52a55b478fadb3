using BlueGreen.Agent.Deployments.Hooks;
using BlueGreen.Agent.Hosting.Configuration.Binding;

namespace BlueGreen.Agent.Hosting.Configuration.Sections;

/// <summary>The keys of an app's <c>hooks</c>.</summary>
internal static class HooksSection
{
    private static readonly Section<HookOptions> Section = new()
    {
        { Hook.Before, CommandLine, (hooks, command) => hooks with { Before = command } },
        { Hook.After, CommandLine, (hooks, command) => hooks with { After = command } },
        { Hook.Failed, CommandLine, (hooks, command) => hooks with { Failed = command } },
        { "timeout", DurationReaders.MoreThanZero, (hooks, timeout) => hooks with { Timeout = timeout } },
    };

    /// <summary>The keys.</summary>
    public static IEnumerable<string> Keys => Section;

    /// <summary>See <see cref="HookOptions"/>.</summary>
    public static ValueReader<HookOptions> Hooks { get; } = value =>
    {
        var hooks = Section.Read(value, new HookOptions());
        return ReadResult<HookOptions>.Of(hooks.IsEmpty ? hooks : hooks with { Directory = value.Reading.BaseDirectory });
    };

    private static ValueReader<string> CommandLine => TextReaders.NotEmpty("a command line");
}
