using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Harness.Origins;

/// <summary>
/// A server that answers like GitHub Enterprise Server: its releases API (https://docs.github.com/en/rest/releases) below /api/v3/, and
/// assets by a redirect to a storage of another address.
/// </summary>
public sealed class GitHubServer : IAsyncDisposable
{
    private const string Releases = "/api/v3/repos/acme/web/releases";

    private readonly Origin _api;
    private readonly Origin _storage;
    private readonly Lock _gate = new();
    private readonly List<(string Tag, bool Prerelease, List<(long Id, string Name, byte[] Content)> Assets)> _releases = [];
    private long _lastId = 3_000_000_000; // beyond 32 bits, as real ones are about to be

    private GitHubServer(Origin api, Origin storage)
    {
        (_api, _storage) = (api, storage);
        api.Answer = AnswerAsync;
        storage.Answer = StoreAsync;
    }

    /// <summary>Its address, as users configure it.</summary>
    public Uri Url => _api.Url;

    /// <summary>The token that is needed; null: none.</summary>
    public string? Token { get; set; }

    /// <summary>Requests that are allowed until <see cref="Reset"/>; those answered 304 do not count.</summary>
    public int Remaining { get; set; } = 60;

    /// <summary>When more are allowed.</summary>
    public DateTimeOffset Reset { get; set; } = DateTimeOffset.UtcNow.AddMinutes(20);

    /// <summary>What the API was asked.</summary>
    public IReadOnlyList<OriginRequest> Requests => _api.Requests;

    /// <summary>What the storage was asked.</summary>
    public IReadOnlyList<OriginRequest> StorageRequests => _storage.Requests;

    /// <summary>Where the storage breaks off, once each.</summary>
    public Queue<int> Breaks { get; } = new();

    /// <summary>Starts one without releases.</summary>
    public static async Task<GitHubServer> StartAsync() =>
        new(await Origin.StartAsync(_ => Task.CompletedTask), await Origin.StartAsync(_ => Task.CompletedTask));

    /// <summary>Publishes a release; it is the latest.</summary>
    public void Publish(string tag, bool prerelease, params (string Name, byte[] Content)[] assets)
    {
        lock (_gate)
            _releases.Insert(0, (tag, prerelease, [.. assets.Select(asset => (++_lastId, asset.Name, asset.Content))]));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        await _storage.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (Token is { } token && context.Request.Headers.Authorization.ToString() is var given && given != $"Bearer {token}" && given != $"Token {token}")
        {
            await RefuseAsync(context, given.Length == 0 ? 404 : 401, given.Length == 0 ? "Not Found" : "Bad credentials");
            return;
        }
        if (path.StartsWith($"{Releases}/assets/", StringComparison.Ordinal) && context.Request.Headers.Accept == "application/octet-stream")
        {
            context.Response.Redirect(new Uri(_storage.Url, $"{path.Split('/')[^1]}?X-Signature=secret").ToString());
            return;
        }
        var answer = path switch
        {
            $"{Releases}/latest" => Find(release => !release.Prerelease),
            Releases => All(),
            _ when path.StartsWith($"{Releases}/tags/", StringComparison.Ordinal) => Find(release => release.Tag == path[$"{Releases}/tags/".Length..]),
            _ => null,
        };
        var tag = answer is null ? "" : $"\"{Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(answer)))}\"";
        var isKnown = tag.Length > 0 && context.Request.Headers.IfNoneMatch == tag;
        if (!isKnown && Remaining-- <= 0)
        {
            Remaining = 0;
            AddLimit(context);
            await RefuseAsync(context, 403, "API rate limit exceeded for 127.0.0.1. (But here's the good news: Authenticated requests get a higher rate limit.)");
            return;
        }
        AddLimit(context);
        context.Response.Headers.ETag = tag;
        context.Response.StatusCode = isKnown ? 304 : 200;
        if (answer is null)
            await RefuseAsync(context, 404, "Not Found");
        else if (!isKnown)
            await WriteAsync(context, answer);
    }

    private void AddLimit(HttpContext context)
    {
        context.Response.Headers["X-RateLimit-Limit"] = "60";
        context.Response.Headers["X-RateLimit-Remaining"] = Remaining.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["X-RateLimit-Reset"] = Reset.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["X-RateLimit-Resource"] = "core";
    }

    private static Task RefuseAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        return WriteAsync(context, new JsonObject
        {
            ["message"] = message,
            ["documentation_url"] = "https://docs.github.com/rest",
            ["status"] = status.ToString(CultureInfo.InvariantCulture),
        }.ToJsonString());
    }

    private static Task WriteAsync(HttpContext context, string json)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(json);
    }

    private async Task StoreAsync(HttpContext context)
    {
        byte[]? content;
        lock (_gate)
            content = _releases.SelectMany(release => release.Assets)
                .FirstOrDefault(asset => $"/{asset.Id}" == context.Request.Path.Value).Content;
        if (content is null)
        {
            context.Response.StatusCode = 404;
            return;
        }
        var file = new OriginFile(content) { Tag = $"\"0x{content.Length:X}\"" };
        if (Breaks.TryDequeue(out var position))
            file.Breaks.Enqueue(position);
        await file.ServeAsync(context);
    }

    private string? Find(Func<(string Tag, bool Prerelease), bool> wanted)
    {
        lock (_gate)
        {
            var found = _releases.FindIndex(release => wanted((release.Tag, release.Prerelease)));
            return found < 0 ? null : Of(found).ToJsonString();
        }
    }

    private string All()
    {
        lock (_gate)
            return new JsonArray([.. Enumerable.Range(0, _releases.Count).Select(Of)]).ToJsonString();
    }

    private JsonObject Of(int index)
    {
        var (tag, prerelease, assets) = _releases[index];
        var id = 1000 + _releases.Count - index;
        return new JsonObject
        {
            ["url"] = new Uri(Url, $"{Releases}/{id}").ToString(),
            ["html_url"] = new Uri(Url, $"acme/web/releases/tag/{tag}").ToString(),
            ["id"] = id,
            ["node_id"] = $"RE_{id}",
            ["tag_name"] = tag,
            ["target_commitish"] = "main",
            ["name"] = $"Release {tag}",
            ["draft"] = false,
            ["prerelease"] = prerelease,
            ["immutable"] = false,
            ["created_at"] = "2026-01-02T03:04:05Z",
            ["published_at"] = "2026-01-02T03:04:05Z",
            ["author"] = new JsonObject { ["login"] = "octocat", ["id"] = 1, ["type"] = "User", ["site_admin"] = false },
            ["assets"] = new JsonArray([.. assets.Select(asset => (JsonNode)Of(asset.Id, asset.Name, asset.Content))]),
            ["tarball_url"] = new Uri(Url, $"{Releases}/tarball/{tag}").ToString(),
            ["body"] = "What is new",
        };
    }

    private JsonObject Of(long id, string name, byte[] content) => new()
    {
        ["url"] = new Uri(Url, $"{Releases}/assets/{id}").ToString(),
        ["id"] = id,
        ["node_id"] = $"RA_{id}",
        ["name"] = name,
        ["label"] = null,
        ["uploader"] = new JsonObject { ["login"] = "octocat", ["id"] = 1, ["type"] = "User", ["site_admin"] = false },
        ["content_type"] = "application/gzip",
        ["state"] = "uploaded",
        ["size"] = content.Length,
        ["digest"] = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}",
        ["download_count"] = 7,
        ["created_at"] = "2026-01-02T03:04:05Z",
        ["updated_at"] = "2026-01-02T03:04:05Z",
        ["browser_download_url"] = new Uri(Url, $"acme/web/releases/download/x/{name}").ToString(),
    };
}
