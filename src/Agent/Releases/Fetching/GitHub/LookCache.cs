using System.Collections.Concurrent;
using Octokit.Caching;
using Octokit.Internal;

namespace BlueGreen.Agent.Releases.Fetching.GitHub;

/// <summary>
/// The last answer of each address a source asks. With it an unchanged answer is asked for by its ETag, which GitHub does not count
/// against the limit of requests.
/// </summary>
internal sealed class LookCache : IResponseCache
{
    private readonly ConcurrentDictionary<string, CachedResponse.V1> _answers = new();

    /// <inheritdoc/>
    public Task<CachedResponse.V1> GetAsync(IRequest request) => Task.FromResult(_answers.GetValueOrDefault(Key(request))!);

    /// <inheritdoc/>
    public Task SetAsync(IRequest request, CachedResponse.V1 cachedResponse)
    {
        _answers[Key(request)] = cachedResponse;
        return Task.CompletedTask;
    }

    private static string Key(IRequest request) => $"{request.Method} {request.Endpoint}";
}
