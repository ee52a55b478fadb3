using System.Diagnostics;

namespace BlueGreen.Benchmarks.WarmUp;

/// <summary>What the first requests took, in milliseconds.</summary>
internal sealed record FirstRequests(double P50, double P99, double Max)
{
    /// <summary>How many they are.</summary>
    public const int Count = 1000;

    /// <summary>Those from the moment on from which the new release answered all: exactly the switch.</summary>
    public static FirstRequests AfterSwitch(IReadOnlyList<LoadedRequest> requests, string release) =>
        Of(requests, 1 + requests.Select((request, index) => (request, index)).Last(one => one.request.Release != release).index);

    /// <summary>Those from the first on that the new release answered; during a slow start also those that the old one answered.</summary>
    public static FirstRequests AfterFirst(IReadOnlyList<LoadedRequest> requests, string release) =>
        Of(requests, requests.Select((request, index) => (request, index)).First(one => one.request.Release == release).index);

    private static FirstRequests Of(IReadOnlyList<LoadedRequest> requests, int first)
    {
        var took = requests.Skip(first).Take(Count).Select(request => Stopwatch.GetElapsedTime(0, request.Took).TotalMilliseconds).Order().ToArray();
        return took.Length == Count
            ? new FirstRequests(took[(Count / 2) - 1], took[(Count * 99 / 100) - 1], took[^1])
            : throw new InvalidOperationException($"only {took.Length} requests came after the switch, {Count} are needed.");
    }
}
