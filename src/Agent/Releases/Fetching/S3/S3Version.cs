using System.Net;
using Amazon.S3;
using Amazon.S3.Model;

namespace BlueGreen.Agent.Releases.Fetching.S3;

/// <summary>An object as it was when it was looked at; its ETag holds it fast while it is fetched.</summary>
internal sealed class S3Version(IAmazonS3 client, string bucket, string key, string? tag, long size) : IRemoteVersion
{
    private const int MostBytesBeside = 1024 * 1024;

    private string Shown => $"s3://{bucket}/{key}";

    /// <inheritdoc/>
    public string? Id => $"{tag} {key}";

    /// <inheritdoc/>
    public string Name => PublishedName.Of(key);

    /// <inheritdoc/>
    public string? Label => null;

    /// <inheritdoc/>
    public long? Size => size;

    /// <inheritdoc/>
    public string? PublishedSha256 => null;

    /// <inheritdoc/>
    public async Task<OpenedContent> OpenAsync(long offset, CancellationToken cancel)
    {
        var request = new GetObjectRequest
        {
            BucketName = bucket,
            Key = key,
            EtagToMatch = tag,
            ByteRange = offset > 0 ? new ByteRange(offset, size - 1) : null,
        };
        if (offset > 0 && offset == size)
        {
            return new OpenedContent(Stream.Null, offset, size, Stream.Null);
        }

        var answer = await S3Failure.ExplainAsync(Shown, () => client.GetObjectAsync(request, cancel), cancel);
        // A server that does not know the condition answers all the same.
        if (tag is not null && answer.ETag != tag)
        {
            answer.Dispose();
            throw SourceException.Changed(Shown);
        }

        return new OpenedContent(answer.ResponseStream, answer.HttpStatusCode == HttpStatusCode.PartialContent ? offset : 0, size, answer);
    }

    /// <inheritdoc/>
    public async Task<byte[]?> ReadBesideAsync(string name, CancellationToken cancel)
    {
        var beside = key[..(key.LastIndexOf('/') + 1)] + name;
        try
        {
            return await S3Failure.ExplainAsync($"s3://{bucket}/{beside}", () => ReadAsync(beside, cancel), cancel);
        }
        // 403 is what S3 says of what is not there to those who may not list.
        catch (SourceException e) when (e.InnerException is AmazonS3Exception { StatusCode: HttpStatusCode.NotFound or HttpStatusCode.Forbidden })
        {
            return null;
        }
    }

    private async Task<byte[]> ReadAsync(string beside, CancellationToken cancel)
    {
        using var answer = await client.GetObjectAsync(bucket, beside, cancel);
        if (answer.ContentLength > MostBytesBeside)
        {
            throw new SourceException($"s3://{bucket}/{beside} is larger than {MostBytesBeside} bytes");
        }

        using var content = new MemoryStream();
        await answer.ResponseStream.CopyToAsync(content, cancel);
        return content.ToArray();
    }
}
