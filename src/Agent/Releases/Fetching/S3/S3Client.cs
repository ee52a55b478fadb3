using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.S3;

namespace BlueGreen.Agent.Releases.Fetching.S3;

/// <summary>Makes the client for S3 or a server that speaks its protocol.</summary>
internal static class S3Client
{
    /// <summary>The client.</summary>
    /// <exception cref="SourceException">The credentials that are named are not there.</exception>
    public static AmazonS3Client Create(SourceOptions options)
    {
        var config = new AmazonS3Config
        {
            ForcePathStyle = options.S3.PathStyle ?? options.S3.Endpoint is not null,
            Timeout = options.Connect + options.Stall,
            // Who calls this tries again.
            MaxErrorRetry = 0,
            // Servers that only speak the protocol do not send the checksums of Amazon's own.
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (options.S3.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint.AbsoluteUri;
            config.AuthenticationRegion = options.S3.Region ?? FallbackRegionFactory.GetRegionEndpoint()?.SystemName ?? RegionEndpoint.USEast1.SystemName;
        }
        else
        {
            config.RegionEndpoint = options.S3.Region is { } region
                ? RegionEndpoint.GetBySystemName(region)
                : FallbackRegionFactory.GetRegionEndpoint() ?? RegionEndpoint.USEast1;
        }

        // Without credentials the client looks for them in the environment, the profile and the instance's metadata, again when they expire.
        return CredentialsOf(options.S3) is { } credentials ? new AmazonS3Client(credentials, config) : new AmazonS3Client(config);
    }

    private static AWSCredentials? CredentialsOf(S3Options s3)
    {
        if (s3.AccessKey is { } key)
        {
            return new BasicAWSCredentials(key, s3.SecretKey.Read() ?? throw new SourceException("source.s3.accessKey needs a secretKey"));
        }

        if (s3.Profile is not { } profile)
        {
            return null;
        }

        return new CredentialProfileStoreChain().TryGetAWSCredentials(profile, out var found)
            ? found
            : throw new SourceException($"there is no profile '{profile}' with credentials in ~/.aws/credentials or ~/.aws/config of the front's user");
    }
}
