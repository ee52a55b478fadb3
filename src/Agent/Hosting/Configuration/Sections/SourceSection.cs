using BlueGreen.Agent.Hosting.Configuration.Binding;
using BlueGreen.Agent.Hosting.Configuration.Yaml;
using BlueGreen.Agent.Releases.Fetching;

namespace BlueGreen.Agent.Hosting.Configuration.Sections;

/// <summary>Reads an app's <c>source</c>: a path or URL alone, or a map with <c>url</c> and what goes with it.</summary>
internal static class SourceSection
{
    private const string Expected = "a path or URL, or a map with url";

    /// <summary>1 TB, which no release is.</summary>
    private const long LargestDownload = 1_000_000_000_000;

    private static readonly Section<SourceOptions> Section = new()
    {
        { "url", AddressReader, (source, address) => source with { Address = address } },
        { "every", DurationReaders.AtLeast(TimeSpan.FromSeconds(1)), (source, every) => source with { Every = every } },
        { "deploy", TextReaders.OneOf(("auto", NewContent.Auto), ("notify", NewContent.Notify)), (source, deploy) => source with { Deploy = deploy } },
        { "maxSize", SizeReaders.UpTo(LargestDownload), (source, size) => source with { MaxSize = size } },
        { "connect", DurationReaders.MoreThanZero, (source, connect) => source with { Connect = connect } },
        { "stall", DurationReaders.MoreThanZero, (source, stall) => source with { Stall = stall } },
        { "auth", SourceAuthSection.Section, source => source.Auth, (source, auth) => source with { Auth = auth } },
        { "s3", S3Section.Section, source => source.S3, (source, s3) => source with { S3 = s3 } },
        { "github", GitHubSection.Section, source => source.GitHub, (source, github) => source with { GitHub = github } },
    };

    /// <summary>The keys of the map.</summary>
    public static IEnumerable<string> Keys => Section;

    private static ValueReader<SourceAddress> AddressReader => ReadAddress;

    /// <summary>See <see cref="SourceOptions"/>.</summary>
    public static ReadResult<SourceOptions> Read(ConfigurationValue value)
    {
        if (value.Node is YamlScalar)
        {
            return ReadAddress(value).TryGet(out var alone) ? ReadResult<SourceOptions>.Of(SourceOptions.Default(alone)) : ReadResult<SourceOptions>.Reported;
        }

        if (value.Node is not YamlMap map)
        {
            value.ReportUnexpected(Expected);
            return ReadResult<SourceOptions>.Reported;
        }

        var errorsBefore = value.Reading.ErrorCount;
        if (map.Entries.All(entry => entry.Key != "url"))
        {
            value.Report("needs a url: a path or URL");
        }

        var source = Section.Read(value, SourceOptions.Default(new SourceAddress.Local("/")));
        return value.Reading.ErrorCount == errorsBefore ? ReadResult<SourceOptions>.Of(source) : ReadResult<SourceOptions>.Reported;
    }

    private static ReadResult<SourceAddress> ReadAddress(ConfigurationValue value)
    {
        if (!value.TryGetText("a path or URL", out var text))
        {
            return ReadResult<SourceAddress>.Reported;
        }

        if (!text.Contains("://", StringComparison.Ordinal))
        {
            return TextReaders.AbsolutePath("a path or URL")(value).TryGet(out var path)
                ? ReadResult<SourceAddress>.Of(new SourceAddress.Local(path))
                : ReadResult<SourceAddress>.Reported;
        }

        return SourceAddress.TryParse(text, value.Reading.BaseDirectory, out var address, out var problem)
            ? ReadResult<SourceAddress>.Of(address)
            : value.Fail<SourceAddress>(problem);
    }
}
