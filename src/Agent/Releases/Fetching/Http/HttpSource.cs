using System.Net;
using BlueGreen.Agent.Releases.Sources;

namespace BlueGreen.Agent.Releases.Fetching.Http;

/// <summary>A file on a web server, which is another version when its ETag or its time is another one.</summary>
internal sealed class HttpSource : IRemoteSource
{
    private readonly HttpAccess _access;
    private readonly HttpFile _file;
    private readonly Uri _url;
    private readonly TimeProvider _time;

    /// <param name="options">How it is reached.</param>
    /// <param name="url">The file.</param>
    /// <param name="time">The clock of Retry-After.</param>
    public HttpSource(SourceOptions options, Uri url, TimeProvider time)
    {
        // Who we are goes into a header, to that server only.
        _url = new UriBuilder(url) { UserName = "", Password = "" }.Uri;
        _access = new HttpAccess(options, _url, () => HttpAuth.For(options.Auth, url));
        _file = new HttpFile(_access, _url, accept: null, time);
        _time = time;
    }

    /// <inheritdoc/>
    public async Task<IRemoteVersion?> LookAsync(string? known, CancellationToken cancel)
    {
        var answer = await _file.HeadAsync(known, cancel);
        // Some servers know only GET, and a signed URL may be good for that alone.
        if (answer.StatusCode is HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented or HttpStatusCode.Forbidden
            or HttpStatusCode.NotFound or HttpStatusCode.BadRequest)
        {
            answer.Dispose();
            answer = await _file.GetAsync(known, cancel);
        }

        using (answer)
        {
            return answer.StatusCode switch
            {
                HttpStatusCode.NotModified => null,
                HttpStatusCode.OK when HttpAnswer.IdOf(answer) is { } id && id == known => null,
                HttpStatusCode.OK => VersionOf(answer),
                _ => throw HttpAnswer.Failure(answer, _time),
            };
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _access.Dispose();

    private HttpVersion VersionOf(HttpResponseMessage answer)
    {
        var asked = _url.Segments[^1];
        var given = answer.Content.Headers.ContentDisposition is { } disposition
            ? (disposition.FileNameStar ?? disposition.FileName)?.Trim('"')
            : null;
        var name = ArchiveName.WithoutEnding(asked) is not null
            ? PublishedName.Of(Uri.UnescapeDataString(asked))
            : PublishedName.Of(given, Uri.UnescapeDataString(asked));
        return new HttpVersion(_file, Beside, HttpAnswer.IdOf(answer), name, answer.Content.Headers.ContentLength);
    }

    private HttpFile Beside(string name) => new(_access, new Uri(_url, Uri.EscapeDataString(name)), accept: null, _time);
}
