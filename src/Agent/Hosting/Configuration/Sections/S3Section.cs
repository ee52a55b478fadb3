using BlueGreen.Agent.Hosting.Configuration.Binding;
using BlueGreen.Agent.Releases.Fetching;

namespace BlueGreen.Agent.Hosting.Configuration.Sections;

/// <summary>The keys of a source's <c>s3</c>.</summary>
internal static class S3Section
{
    /// <summary>See <see cref="S3Options"/>.</summary>
    public static Section<S3Options> Section { get; } = new(Check)
    {
        { "endpoint", UrlReaders.Server, (s3, endpoint) => s3 with { Endpoint = endpoint } },
        { "region", TextReaders.NotEmpty("a region"), (s3, region) => s3 with { Region = region } },
        { "pathStyle", TextReaders.OneOf(("true", (bool?)true), ("false", false)), (s3, isPathStyle) => s3 with { PathStyle = isPathStyle } },
        { "accessKey", TextReaders.NotEmpty("an access key"), (s3, key) => s3 with { AccessKey = key } },
        { "secretKey", SecretReaders.Value, (s3, text) => s3 with { SecretKey = s3.SecretKey with { Value = text } } },
        { "secretKeyFile", SecretReaders.File, (s3, path) => s3 with { SecretKey = s3.SecretKey with { File = path } } },
        { "profile", TextReaders.NotEmpty("a profile"), (s3, profile) => s3 with { Profile = profile } },
    };

    private static void Check(S3Options s3, IReadOnlyDictionary<string, ConfigurationValue> given)
    {
        if (s3.AccessKey is null != (s3.SecretKey == Secret.None))
        {
            given[s3.AccessKey is null ? given.ContainsKey("secretKey") ? "secretKey" : "secretKeyFile" : "accessKey"]
                .Report("accessKey and secretKey (or secretKeyFile) go together: give both or none");
        }
    }
}
