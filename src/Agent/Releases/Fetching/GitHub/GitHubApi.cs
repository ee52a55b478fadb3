using System.Net.Sockets;
using Octokit;
using Octokit.Internal;

namespace BlueGreen.Agent.Releases.Fetching.GitHub;

/// <summary>Asks the API of GitHub for releases, and puts its refusals into a line for people.</summary>
internal sealed class GitHubApi
{
    private readonly SourceAddress.GitHub _address;
    private readonly SourceOptions _options;
    private readonly TimeProvider _time;
    private readonly Connection _connection;

    /// <param name="options">How it is reached.</param>
    /// <param name="address">The repository.</param>
    /// <param name="credentials">Who asks, looked up before each request.</param>
    /// <param name="time">The clock of its limits.</param>
    public GitHubApi(SourceOptions options, SourceAddress.GitHub address, ICredentialStore credentials, TimeProvider time)
    {
        (_address, _options, _time) = (address, options, time);
        _connection = new Connection(
            new Octokit.ProductHeaderValue("bluegreen"), options.GitHub.Api, credentials,
            new HttpClientAdapter(() => new SocketsHttpHandler { ConnectTimeout = options.Connect, ActivityHeadersPropagator = null }), new SimpleJsonSerializer())
        {
            ResponseCache = new LookCache(),
        };
        _connection.SetRequestTimeout(options.Connect + options.Stall);
    }

    /// <summary>The release that is meant.</summary>
    /// <exception cref="SourceException">There is none, or the API does not tell.</exception>
    public async Task<GitHubRelease> ReleaseAsync(CancellationToken cancel)
    {
        var releases = $"repos/{_address.Owner}/{_address.Repository}/releases";
        if (_address.Tag is { } tag)
        {
            return await GetAsync<GitHubRelease>($"{releases}/tags/{Uri.EscapeDataString(tag)}", cancel);
        }

        if (!_options.GitHub.Prerelease)
        {
            return await GetAsync<GitHubRelease>($"{releases}/latest", cancel);
        }

        // Newest first; "latest" itself never is a prerelease.
        return (await GetAsync<List<GitHubRelease>>($"{releases}?per_page=30", cancel)).Find(release => !release.Draft)
            ?? throw new SourceException($"{_address.Shown} has no release yet");
    }

    private async Task<T> GetAsync<T>(string path, CancellationToken cancel)
    {
        try
        {
            return (await _connection.Get<T>(new Uri(path, UriKind.Relative), new Dictionary<string, string>(), "application/vnd.github+json", cancel)).Body;
        }
        catch (ApiException e)
        {
            throw Explain(e);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new SourceException($"{_address.Shown}: {_options.GitHub.Api.Host} did not answer in time", e) { IsTransient = true };
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new SourceException($"{_address.Shown}: {_options.GitHub.Api.Authority}: {(e.InnerException as SocketException ?? e).Message.TrimEnd('.')}", e) { IsTransient = true };
        }
    }

    private SourceException Explain(ApiException e) => e switch
    {
        RateLimitExceededException limit => Limited($"the limit of {limit.Limit} requests an hour is used up", limit.Reset - _time.GetUtcNow(), e),
        SecondaryRateLimitExceededException or AbuseException => Limited(
            "too many requests in a short time", TimeSpan.FromSeconds((e as AbuseException)?.RetryAfterSeconds ?? 60), e),
        NotFoundException => new($"{_address.Shown}: there is no such repository or release (404); a private one needs a token (source.auth.token)", e),
        AuthorizationException => new($"{_address.Shown}: the token is wrong or has expired (401); check source.auth.token", e),
        ForbiddenException => new($"{_address.Shown}: access denied (403): {e.Message.TrimEnd('.')}", e),
        _ => new($"{_address.Shown}: {_options.GitHub.Api.Authority} answered {(int)e.StatusCode}", e) { IsTransient = (int)e.StatusCode >= 500 },
    };

    private SourceException Limited(string what, TimeSpan left, Exception cause)
    {
        var wait = left > TimeSpan.Zero ? left : TimeSpan.FromSeconds(1);
        return new SourceException(
            $"{_address.Shown}: {what}; more are allowed in {wait.TotalMinutes:0.#} min, at {(_time.GetUtcNow() + wait).UtcDateTime:HH:mm:ss} UTC; a token (source.auth.token) allows far more",
            cause) { IsTransient = true, RetryAfter = wait };
    }
}
