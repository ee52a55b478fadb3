using System.Globalization;
using BlueGreen.Agent.Hosting.Configuration.Binding;
using BlueGreen.Agent.Workers.Limits;

namespace BlueGreen.Agent.Hosting.Configuration.Sections;

/// <summary>The keys of a process type's <c>limits</c>. Whether this machine can give them is not asked here: see <see cref="LimitsWarnings"/>.</summary>
internal static class ProcessLimitsSection
{
    /// <summary>sysctl fs.nr_open can be raised to this (2^30).</summary>
    private const int MostFiles = 1 << 30;

    /// <summary>Of the group and of others: without its owner's own bits a worker could not use what it makes.</summary>
    private const int WidestUmask = 0b111_111;

    /// <summary>See <see cref="ProcessLimits"/>.</summary>
    public static Section<ProcessLimits> Section { get; } = new(Check)
    {
        { "user", Name("a user of this machine"), (limits, user) => limits with { User = user } },
        { "group", Name("a group of this machine"), (limits, group) => limits with { Group = group } },
        { "nice", NumberReaders.Between(ProcessLimits.LeastNice, ProcessLimits.MostNice), (limits, nice) => limits with { Nice = nice } },
        { "files", NumberReaders.Between(ProcessLimits.FewestFiles, MostFiles), (limits, files) => limits with { OpenFiles = files } },
        { "memory", Memory, (limits, memory) => limits with { Memory = memory } },
        { "umask", Umask, (limits, umask) => limits with { Umask = umask } },
        { "folder", Folder, (limits, folder) => limits with { Folder = folder } },
    };

    private static ValueReader<string> Name(string expected) => TextReaders.NotEmpty(expected);

    private static ValueReader<long> Memory => value =>
    {
        var result = SizeReaders.MoreThanZero(value);
        return result.TryGet(out var bytes) && bytes < ProcessLimits.LeastMemory
            ? value.Fail<long>($"must be at least {SizeText.Format(ProcessLimits.LeastMemory)}: no program starts with less")
            : result;
    };

    private static ValueReader<UnixFileMode> Umask => value =>
    {
        if (!value.TryGetText("three octal digits such as 027", out var text))
        {
            return ReadResult<UnixFileMode>.Reported;
        }

        return text.Length == 3 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _) && !text.AsSpan().ContainsAny('8', '9')
            && Convert.ToInt32(text, 8) is var mask && mask <= WidestUmask
            ? ReadResult<UnixFileMode>.Of((UnixFileMode)mask)
            : value.Fail<UnixFileMode>($"'{text}' is not a umask: write three octal digits from 000 to 077, for example 027");
    };

    private static ValueReader<string> Folder => value =>
    {
        var result = TextReaders.NotEmpty("a folder")(value);
        if (!result.TryGet(out var folder))
        {
            return result;
        }

        if (folder == "~" || folder.StartsWith("~/", StringComparison.Ordinal))
        {
            return value.Fail<string>($"'~' is not expanded: write the full path instead of '{folder}'");
        }

        return Path.IsPathRooted(folder) || IsWithin(folder)
            ? result
            : value.Fail<string>($"'{folder}' leads out of the release: write a folder in it, or an absolute path");
    };

    private static bool IsWithin(string folder)
    {
        const string top = "/release";
        var path = Path.GetFullPath(folder, top);
        return path == top || path.StartsWith(top + "/", StringComparison.Ordinal);
    }

    private static void Check(ProcessLimits limits, IReadOnlyDictionary<string, ConfigurationValue> given)
    {
        if (limits is { Group: not null, User: null })
        {
            given["group"].Report("needs a user beside it");
        }
    }
}
