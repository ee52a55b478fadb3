using System.Net;
using System.Net.Http.Headers;

namespace BlueGreen.Agent.Releases.Fetching.Http;

/// <summary>One file on a web server: its content, whole or from a byte on.</summary>
/// <param name="access">Sends the requests.</param>
/// <param name="url">Where it is.</param>
/// <param name="accept">What is asked for; null: anything.</param>
/// <param name="time">The clock of Retry-After.</param>
internal sealed class HttpFile(HttpAccess access, Uri url, string? accept, TimeProvider time)
{
    /// <summary>What is read beside a release: signatures and digests. The largest, a list of digests of many files, is far below.</summary>
    private const int MostBytesBeside = 1024 * 1024;

    /// <summary>Where it is, for people.</summary>
    public string Shown => SourceAddress.Http.Of(url);

    /// <summary>Asks for its head only.</summary>
    public Task<HttpResponseMessage> HeadAsync(string? known, CancellationToken cancel) => SendAsync(HttpMethod.Head, known, cancel);

    /// <summary>Asks for it; the content can be left unread.</summary>
    public Task<HttpResponseMessage> GetAsync(string? known, CancellationToken cancel) => SendAsync(HttpMethod.Get, known, cancel);

    /// <summary>Opens the content from a byte on.</summary>
    /// <param name="offset">The byte.</param>
    /// <param name="id">The version that is meant; null: whichever there is, which cannot be taken up in the middle.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="SourceException">It cannot be read, or is another version.</exception>
    public async Task<OpenedContent> OpenAsync(long offset, string? id, CancellationToken cancel)
    {
        var condition = offset > 0 ? ConditionOf(id) : null;
        var answer = await access.SendAsync(HttpMethod.Get, url, headers =>
        {
            Prepare(headers);
            if (condition is not null)
            {
                // With If-Range the server sends the rest of this very version, else all of the one it has (RFC 9110, 13.1.5).
                headers.Range = new RangeHeaderValue(offset, null);
                headers.IfRange = condition;
            }
        }, cancel);
        try
        {
            return Open(answer, offset, id);
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    /// <summary>Reads a small file; null: there is none.</summary>
    public async Task<byte[]?> ReadSmallAsync(CancellationToken cancel)
    {
        using var answer = await GetAsync(known: null, cancel);
        // 403 is what S3 says of what is not there to those who may not list; a page is what some sites answer for anything.
        if (answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.Forbidden
            || (answer.IsSuccessStatusCode && HttpAnswer.IsWebPage(answer)))
        {
            return null;
        }

        if (answer.StatusCode != HttpStatusCode.OK)
        {
            throw HttpAnswer.Failure(answer, time);
        }

        try
        {
            await answer.Content.LoadIntoBufferAsync(MostBytesBeside, cancel);
            return await answer.Content.ReadAsByteArrayAsync(cancel);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new SourceException($"{Shown} cannot be read: {e.Message.TrimEnd('.')}", e) { IsTransient = true };
        }
    }

    private static RangeConditionHeaderValue? ConditionOf(string? id) => id?.Split(' ', 2) switch
    {
        ["etag", var tag] when EntityTagHeaderValue.TryParse(tag, out var parsed) && !parsed.IsWeak => new RangeConditionHeaderValue(parsed),
        ["modified", var rest] when DateTimeOffset.TryParse(rest[..rest.LastIndexOf(' ')], out var at) => new RangeConditionHeaderValue(at),
        _ => null,
    };

    private OpenedContent Open(HttpResponseMessage answer, long offset, string? id)
    {
        if (answer.StatusCode is HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            throw SourceException.Changed(Shown);
        }

        if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.PartialContent))
        {
            throw HttpAnswer.Failure(answer, time);
        }

        if (HttpAnswer.IsWebPage(answer))
        {
            throw WebPage(SourceAddress.Http.Of(answer.RequestMessage!.RequestUri!));
        }

        var content = answer.Content.ReadAsStream();
        if (answer.StatusCode == HttpStatusCode.PartialContent)
        {
            var range = answer.Content.Headers.ContentRange;
            return range?.From == offset && offset > 0
                ? new OpenedContent(content, offset, range.Length, answer, id)
                : throw new SourceException($"{Shown} sent another part than was asked for ({range?.ToString() ?? "no Content-Range"})") { IsTransient = true };
        }

        var now = HttpAnswer.IdOf(answer);
        return id is null || now is null || now == id
            ? new OpenedContent(content, 0, answer.Content.Headers.ContentLength, answer, now)
            : throw SourceException.Changed(Shown);
    }

    /// <summary>What is said of a page for people.</summary>
    public static SourceException WebPage(string shown) =>
        new($"{shown} is a web page (HTML), not a release; the address may be wrong, or lead to a login");

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string? known, CancellationToken cancel) => access.SendAsync(method, url, headers =>
    {
        Prepare(headers);
        HttpAnswer.AddCondition(headers, known);
    }, cancel);

    private void Prepare(HttpRequestHeaders headers)
    {
        if (accept is not null)
        {
            headers.Accept.ParseAdd(accept);
        }
    }
}
