using BlueGreen.Agent.Deployments.Processes;
using BlueGreen.Agent.Hosting.Configuration.Binding;
using BlueGreen.Agent.Hosting.Configuration.Yaml;
using BlueGreen.Agent.Releases;

namespace BlueGreen.Agent.Hosting.Configuration.Sections;

/// <summary>The keys of one process type; its command alone may stand for them.</summary>
internal static class ProcessTypeSection
{
    private const int MostInstances = 100;

    /// <summary>Stands for any other type in the list of keys.</summary>
    private const string AnyType = "TYPE";

    private static readonly Section<ProcessTypeOptions> OfWorkers = new()
    {
        { "limits", ProcessLimitsSection.Section, type => type.Limits, (type, limits) => type with { Limits = limits } },
    };

    private static readonly Section<ProcessTypeOptions> OfTheReleasePhase = new()
    {
        { "command", CommandLine, (type, command) => type with { Command = command } },
        { "timeout", DurationReaders.MoreThanZero, (type, timeout) => type with { Timeout = timeout } },
        { "limits", ProcessLimitsSection.Section, type => type.Limits, (type, limits) => type with { Limits = limits } },
    };

    private static readonly Section<ProcessTypeOptions> OfOthers = new(Check)
    {
        { "command", CommandLine, (type, command) => type with { Command = command } },
        { "singleton", TextReaders.OneOf(("true", true), ("false", false)), (type, singleton) => type with { Singleton = singleton } },
        { "instances", NumberReaders.Between(0, MostInstances), (type, instances) => type with { Instances = instances } },
        { "limits", ProcessLimitsSection.Section, type => type.Limits, (type, limits) => type with { Limits = limits } },
    };

    /// <summary>The keys of all kinds, as in <c>TYPE.instances</c>.</summary>
    public static IEnumerable<string> Keys => [.. Below(ProcessTypes.Web, OfWorkers), .. Below(ProcessTypes.Release, OfTheReleasePhase), .. Below(AnyType, OfOthers)];

    private static ValueReader<string> CommandLine => TextReaders.NotEmpty("a command line");

    /// <summary>Reads one type.</summary>
    /// <param name="type">Its name.</param>
    /// <param name="value">What is written of it.</param>
    public static ReadResult<ProcessTypeOptions> Read(string type, ConfigurationValue value)
    {
        if (type == ProcessTypes.Web && (value.Node is YamlScalar { IsNull: false } || Has(value, "command", "instances", "singleton", "timeout")))
        {
            return value.Fail<ProcessTypeOptions>("the command and the instances of web are keys of the app itself: write them there");
        }

        if (value.Node is YamlScalar { IsNull: false })
        {
            return CommandLine(value).TryGet(out var line)
                ? ReadResult<ProcessTypeOptions>.Of(new ProcessTypeOptions { Command = line })
                : ReadResult<ProcessTypeOptions>.Reported;
        }

        var section = type switch
        {
            ProcessTypes.Web => OfWorkers,
            ProcessTypes.Release => OfTheReleasePhase,
            _ => OfOthers,
        };
        return ReadResult<ProcessTypeOptions>.Of(section.Read(value, ProcessTypeOptions.Default));
    }

    private static IEnumerable<string> Below(string type, Section<ProcessTypeOptions> section) => section.Select(key => $"{type}.{key}").Prepend(type);

    private static bool Has(ConfigurationValue value, params IReadOnlyList<string> keys) =>
        value.Node is YamlMap map && map.Entries.Any(entry => keys.Contains(entry.Key));

    private static void Check(ProcessTypeOptions type, IReadOnlyDictionary<string, ConfigurationValue> given)
    {
        if (type is { Singleton: true, Instances: > 1 })
        {
            given["instances"].Report("more than one at a time needs 'singleton: false' beside it");
        }
    }
}
