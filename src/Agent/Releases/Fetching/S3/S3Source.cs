using Amazon.S3;
using Amazon.S3.Model;

namespace BlueGreen.Agent.Releases.Fetching.S3;

/// <summary>An object of S3, or whichever under a prefix was written last.</summary>
internal sealed class S3Source : IRemoteSource
{
    /// <summary>What is published beside releases; it is no release itself.</summary>
    private static readonly string[] BesideEndings = [".minisig", ".sig", ".sha256", ".sha512", ".asc", ".pem", "SHA256SUMS"];

    private readonly SourceAddress.S3 _address;
    private readonly Lazy<AmazonS3Client> _client;

    /// <param name="options">How it is reached.</param>
    /// <param name="address">The object, or the prefix.</param>
    public S3Source(SourceOptions options, SourceAddress.S3 address)
    {
        _address = address;
        _client = new Lazy<AmazonS3Client>(() => S3Client.Create(options));
    }

    /// <inheritdoc/>
    public async Task<IRemoteVersion?> LookAsync(string? known, CancellationToken cancel)
    {
        var client = _client.Value;
        var key = _address.IsPrefix ? await NewestAsync(client, cancel) : _address.Key;
        var shown = $"s3://{_address.Bucket}/{key}";
        var head = await S3Failure.ExplainAsync(
            shown, () => client.GetObjectMetadataAsync(_address.Bucket, key, cancel), cancel);
        var id = $"{head.ETag} {key}";
        return id == known ? null : new S3Version(client, _address.Bucket, key, head.ETag, head.ContentLength);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }
    }

    private async Task<string> NewestAsync(AmazonS3Client client, CancellationToken cancel)
    {
        S3Object? newest = null;
        var request = new ListObjectsV2Request { BucketName = _address.Bucket, Prefix = _address.Key };
        ListObjectsV2Response page;
        do
        {
            page = await S3Failure.ExplainAsync(_address.Shown, () => client.ListObjectsV2Async(request, cancel), cancel);
            newest = (page.S3Objects ?? []).Append(newest).Where(IsRelease).OrderBy(found => found!.LastModified).ThenBy(found => found!.Key, StringComparer.Ordinal)
                .LastOrDefault();
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
        return newest?.Key ?? throw new SourceException($"there is no object under {_address.Shown}; check the prefix");
    }

    private static bool IsRelease(S3Object? found) => found is { Size: > 0 } && !found.Key.EndsWith('/')
        && !BesideEndings.Any(ending => found.Key.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
}
