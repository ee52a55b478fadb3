using BlueGreen.Agent.Releases.Fetching.GitHub;
using BlueGreen.Agent.Releases.Fetching.Http;
using BlueGreen.Agent.Releases.Fetching.S3;

namespace BlueGreen.Agent.Releases.Fetching;

/// <summary>Tells the kinds of remote source apart.</summary>
internal static class RemoteSource
{
    /// <summary>The source that the options name, or null for one of this machine.</summary>
    public static IRemoteSource? Open(SourceOptions options, TimeProvider time) => options.Address switch
    {
        SourceAddress.Http http => new HttpSource(options, http.Url, time),
        SourceAddress.S3 s3 => new S3Source(options, s3),
        SourceAddress.GitHub github => new GitHubSource(options, github, time),
        _ => null,
    };
}
