using BlueGreen.Proxy.Exchanges;

namespace BlueGreen.Agent.Deployments.WarmUps;

/// <summary>Puts together what a worker is warmed up with.</summary>
internal static class WarmUpRequests
{
    /// <summary>The configured requests, then the paths that were asked for most lately.</summary>
    /// <param name="options">What is configured.</param>
    /// <param name="recent">The paths, where they are counted.</param>
    /// <param name="mustSucceed">Whether the answers to the configured ones may refuse the release.</param>
    public static IReadOnlyList<WarmUpRequest> Of(WarmUpOptions options, RecentPaths? recent, bool mustSucceed)
    {
        var paths = recent?.MostFrequent(options.Replay) ?? [];
        return
        [
            .. options.Requests.Select(request => request with { MustSucceed = mustSucceed }),
            .. paths.Select(path => new WarmUpRequest(HttpMethod.Get.Method, path) { MustSucceed = false })
                .Where(replayed => !options.Requests.Any(request => request.Method == replayed.Method && request.Target == replayed.Target)),
        ];
    }

    /// <summary>The Host they carry.</summary>
    public static string HostOf(AppOptions app) =>
        app.WarmUp.Host ?? app.Hosts.FirstOrDefault(host => !host.StartsWith("*.", StringComparison.Ordinal)) ?? "localhost";
}
