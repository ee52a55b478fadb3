using System.Net;
using Amazon.Runtime;
using Amazon.S3;

namespace BlueGreen.Agent.Releases.Fetching.S3;

/// <summary>Puts what goes wrong with S3 into a line for people.</summary>
internal static class S3Failure
{
    /// <summary>Does something with S3.</summary>
    /// <exception cref="SourceException">It failed.</exception>
    public static async Task<T> ExplainAsync<T>(string shown, Func<Task<T>> act, CancellationToken cancel)
    {
        try
        {
            return await act();
        }
        catch (AmazonS3Exception e)
        {
            throw Explain(shown, e);
        }
        catch (ArgumentException e)
        {
            // The client takes every ETag without '-' for an MD5 digest.
            throw new SourceException($"{shown}: the server's answer cannot be understood: {e.Message.TrimEnd('.')}; https:// may work for it", e);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new SourceException($"{shown}: the server did not answer in time", e) { IsTransient = true };
        }
        catch (AmazonClientException e) when (e.InnerException is null)
        {
            // Nothing was sent: it has no credentials, above all.
            throw new SourceException($"{shown}: {e.Message.TrimEnd('.')}; check source.s3, or the credentials in the front's environment", e);
        }
        catch (Exception e) when (e is AmazonClientException or HttpRequestException or IOException)
        {
            throw new SourceException($"{shown}: {(e.InnerException ?? e).Message.TrimEnd('.')}", e) { IsTransient = true };
        }
    }

    private static SourceException Explain(string shown, AmazonS3Exception e) => e.ErrorCode switch
    {
        "ExpiredToken" or "TokenRefreshRequired" => new($"{shown}: the credentials have expired ({e.ErrorCode}); check source.s3 or the front's environment", e),
        "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "InvalidToken" =>
            new($"{shown}: the credentials are wrong ({e.ErrorCode}); check source.s3 or the front's environment", e),
        "NoSuchBucket" => new($"{shown}: there is no such bucket; check the address, source.s3.endpoint and source.s3.region", e),
        "PreconditionFailed" => SourceException.Changed(shown),
        _ => e.StatusCode switch
        {
            HttpStatusCode.NotFound => new($"there is nothing at {shown} (404); check the address", e),
            HttpStatusCode.Forbidden => new($"{shown}: access denied (403); check the credentials and their rights", e),
            HttpStatusCode.PreconditionFailed or HttpStatusCode.RequestedRangeNotSatisfiable => SourceException.Changed(shown),
            HttpStatusCode.MovedPermanently or HttpStatusCode.TemporaryRedirect or HttpStatusCode.BadRequest =>
                new($"{shown} answered {(int)e.StatusCode} ({e.ErrorCode}); check source.s3.region and source.s3.endpoint", e),
            HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or 0 or >= HttpStatusCode.InternalServerError =>
                new($"{shown} answered {(int)e.StatusCode}{(e.ErrorCode is { Length: > 0 } code ? $" ({code})" : "")}", e) { IsTransient = true },
            _ => new($"{shown} answered {(int)e.StatusCode} ({e.ErrorCode})", e),
        },
    };
}
