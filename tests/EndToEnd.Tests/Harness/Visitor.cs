namespace BlueGreen.EndToEnd.Tests.Harness;

/// <summary>A client that asks the front now and then.</summary>
/// <param name="front">Where it listens.</param>
public sealed class Visitor(Uri front) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = front, Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Asks, on a connection it may have used before.</summary>
    /// <param name="path">Path and query.</param>
    /// <param name="host">The <c>Host</c>; null: the front's address.</param>
    /// <exception cref="HttpRequestException">There was no whole answer.</exception>
    public async Task<Visit> GetAsync(string path = "/", string? host = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        return new Visit(
            (int)response.StatusCode, Field("X-Release"), Field("X-Worker"), Field("X-Pid"),
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        string Field(string name) => response.Headers.TryGetValues(name, out var values) ? values.Single() : "";
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();
}

/// <summary>An answer.</summary>
/// <param name="Status">Its status code.</param>
/// <param name="Release">The number of the release that gave it.</param>
/// <param name="Worker">The id of the worker.</param>
/// <param name="Pid">The worker's process id.</param>
/// <param name="Body">Its body.</param>
public sealed record Visit(int Status, string Release, string Worker, string Pid, string Body);
