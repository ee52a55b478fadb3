using System.Net;
using System.Net.Http.Headers;

namespace BlueGreen.Agent.Releases.Fetching.Http;

/// <summary>What an answer of a web server means for a download.</summary>
internal static class HttpAnswer
{
    /// <summary>Says why an answer brings nothing.</summary>
    public static SourceException Failure(HttpResponseMessage answer, TimeProvider time)
    {
        var shown = SourceAddress.Http.Of(answer.RequestMessage!.RequestUri!);
        var status = (int)answer.StatusCode;
        return answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized => new($"{shown} answered 401: it wants to know who asks; check source.auth (the password or token may have expired)"),
            HttpStatusCode.Forbidden => new($"{shown} answered 403: it refuses whoever asks; check source.auth and the rights that go with it"),
            HttpStatusCode.NotFound or HttpStatusCode.Gone => new($"there is nothing at {shown} ({status}); check the address"),
            HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError =>
                new($"{shown} answered {status}") { IsTransient = true, RetryAfter = Delay(answer.Headers.RetryAfter, time) },
            _ => new($"{shown} answered {status}, which is no download"),
        };
    }

    /// <summary>
    /// What tells this content from what may come later. A tag says more than a time, which goes with the length because it counts in
    /// seconds only (RFC 9110, 8.8.2.2).
    /// </summary>
    public static string? IdOf(HttpResponseMessage answer) =>
        answer.Headers.ETag is { } tag ? $"etag {tag}"
        : answer.Content.Headers.LastModified is { } time ? $"modified {time.UtcDateTime:R} {answer.Content.Headers.ContentLength}"
        : null;

    /// <summary>Asks for content only if it is another one than a known one.</summary>
    public static void AddCondition(HttpRequestHeaders headers, string? known)
    {
        switch (known?.Split(' ', 2))
        {
            case ["etag", var tag] when EntityTagHeaderValue.TryParse(tag, out var parsed):
                headers.IfNoneMatch.Add(parsed);
                break;
            case ["modified", var rest] when DateTimeOffset.TryParse(rest[..rest.LastIndexOf(' ')], out var time):
                headers.IfModifiedSince = time;
                break;
            default:
                break;
        }
    }

    /// <summary>Whether the answer is a page for people.</summary>
    public static bool IsWebPage(HttpResponseMessage answer) =>
        answer.Content.Headers.ContentType?.MediaType is "text/html" or "application/xhtml+xml";

    private static TimeSpan? Delay(RetryConditionHeaderValue? after, TimeProvider time) =>
        after?.Delta ?? (after?.Date is { } date && date > time.GetUtcNow() ? date - time.GetUtcNow() : null);
}
