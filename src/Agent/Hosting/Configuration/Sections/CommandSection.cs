using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Hosting.Configuration.Binding;
using BlueGreen.Agent.Hosting.Configuration.Yaml;

namespace BlueGreen.Agent.Hosting.Configuration.Sections;

/// <summary>The keys of a command that is run once; the command alone may stand for them.</summary>
internal static class CommandSection
{
    private static readonly Section<CommandOptions> Section = new()
    {
        { "command", CommandLine, (options, command) => options with { Command = command } },
        { "timeout", DurationReaders.MoreThanZero, (options, timeout) => options with { Timeout = timeout } },
    };

    /// <summary>The keys.</summary>
    public static IEnumerable<string> Keys => Section;

    /// <summary>See <see cref="CommandOptions"/>.</summary>
    public static ValueReader<CommandOptions> Command { get; } = value =>
    {
        if (value.Node is YamlScalar)
        {
            return CommandLine(value).TryGet(out var line)
                ? ReadResult<CommandOptions>.Of(new CommandOptions { Command = line })
                : ReadResult<CommandOptions>.Reported;
        }

        var errorsBefore = value.Reading.ErrorCount;
        var options = Section.Read(value, new CommandOptions());
        if (value.Reading.ErrorCount == errorsBefore && options.Command.Length == 0)
        {
            value.Report("needs a command");
        }

        return value.Reading.ErrorCount == errorsBefore ? ReadResult<CommandOptions>.Of(options) : ReadResult<CommandOptions>.Reported;
    };

    private static ValueReader<string> CommandLine => TextReaders.NotEmpty("a command line");
}
