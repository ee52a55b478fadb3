using System.Text.RegularExpressions;

namespace BlueGreen.Agent.Releases.Fetching;

/// <summary>Reads the forms of a <see cref="SourceAddress"/>. No problem holds what was written: that may be secret.</summary>
internal static partial class SourceAddressParser
{
    private const string Forms = "write a path, http://, https://, s3://BUCKET/KEY or github://OWNER/REPOSITORY";

    /// <summary>Exactly one of the two.</summary>
    public static (SourceAddress? Address, string? Problem) Parse(string text, string folder)
    {
        if (text.Length == 0 || text.Any(char.IsControl))
        {
            return (null, $"a source must not be empty or hold control characters; {Forms}");
        }

        var colon = text.IndexOf("://", StringComparison.Ordinal);
        return colon < 0 ? (new SourceAddress.Local(Path.TrimEndingDirectorySeparator(Path.GetFullPath(text, folder))), null)
            : text[..colon].ToLowerInvariant() switch
            {
                "http" or "https" => ParseHttp(text),
                "s3" => ParseS3(text[(colon + 3)..]),
                "github" => ParseGitHub(text[(colon + 3)..]),
                var scheme => (null, $"'{scheme}://' is no source that is known; {Forms}"),
            };
    }

    private static (SourceAddress?, string?) ParseHttp(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Host.Length > 0
            ? (new SourceAddress.Http(new UriBuilder(url) { Fragment = "" }.Uri), null)
            : (null, "that is no URL; write for example https://example.com/app.tar.gz");

    private static (SourceAddress?, string?) ParseS3(string rest) => S3Form().Match(rest) is { Success: true } form
        ? (new SourceAddress.S3(form.Groups["bucket"].Value, form.Groups["key"].Value), null)
        : (null, "write s3://BUCKET/KEY, or s3://BUCKET/PREFIX/ for the newest object under a prefix");

    private static (SourceAddress?, string?) ParseGitHub(string rest) => GitHubForm().Match(rest) is { Success: true } form
        ? (new SourceAddress.GitHub(form.Groups["owner"].Value, form.Groups["repository"].Value, form.Groups["tag"] is { Success: true } tag ? tag.Value : null), null)
        : (null, "write github://OWNER/REPOSITORY for the latest release, or github://OWNER/REPOSITORY@TAG");

    // The key may be anything; the bucket follows the naming rules of S3, which compatible servers share.
    [GeneratedRegex("^(?<bucket>[A-Za-z0-9][A-Za-z0-9._-]{1,62})/(?<key>.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex S3Form();

    [GeneratedRegex("^(?<owner>[A-Za-z0-9_-]+)/(?<repository>[A-Za-z0-9._-]+)(@(?<tag>[^@\\s]+))?/?$", RegexOptions.CultureInvariant)]
    private static partial Regex GitHubForm();
}
