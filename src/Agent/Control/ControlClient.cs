using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BlueGreen.Agent.Control.Contracts;

namespace BlueGreen.Agent.Control;

/// <summary>Speaks to a front over its control socket.</summary>
/// <param name="socketPath">The path of the socket.</param>
internal sealed class ControlClient(string socketPath) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        ActivityHeadersPropagator = null,
        ConnectCallback = (_, cancel) => ConnectAsync(socketPath, cancel),
    })
    {
        BaseAddress = new Uri("http://bluegreen/v1/"),
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>The front and its apps.</summary>
    public Task<StatusReport> StatusAsync(CancellationToken cancel) =>
        AskAsync(HttpMethod.Get, "status", ControlJson.Lines.StatusReport, cancel);

    /// <summary>Reads the configuration again.</summary>
    public Task<ReloadReport> ReloadAsync(CancellationToken cancel) =>
        AskAsync(HttpMethod.Post, "reload", ControlJson.Lines.ReloadReport, cancel);

    /// <summary>Begins the end of the front.</summary>
    public Task<StopReport> StopAsync(CancellationToken cancel) =>
        AskAsync(HttpMethod.Post, "stop", ControlJson.Lines.StopReport, cancel);

    /// <summary>How many processes of each type of an app are to run.</summary>
    public Task<ScaleReport> ScaleAsync(string app, CancellationToken cancel) =>
        AskAsync(HttpMethod.Get, $"apps/{Uri.EscapeDataString(app)}/scale", ControlJson.Lines.ScaleReport, cancel);

    /// <summary>Changes it.</summary>
    public Task<ScaleReport> ScaleAsync(string app, ScaleOrder order, CancellationToken cancel) => AskAsync(
        HttpMethod.Post, $"apps/{Uri.EscapeDataString(app)}/scale", ControlJson.Lines.ScaleReport, cancel,
        JsonContent.Create(order, ControlJson.Lines.ScaleOrder));

    /// <summary>The stored releases of an app.</summary>
    public Task<IReadOnlyList<StoredReleaseReport>> ReleasesAsync(string app, CancellationToken cancel) =>
        AskAsync(HttpMethod.Get, $"apps/{Uri.EscapeDataString(app)}/releases", ControlJson.Lines.IReadOnlyListStoredReleaseReport, cancel);

    /// <summary>All that is known of one of them.</summary>
    public Task<ReleaseReport> ReleaseAsync(string app, int release, CancellationToken cancel) =>
        AskAsync(HttpMethod.Get, $"apps/{Uri.EscapeDataString(app)}/releases/{release}", ControlJson.Lines.ReleaseReport, cancel);

    /// <summary>Deletes old ones.</summary>
    public Task<PruneReport> PruneAsync(string app, PruneOrder order, CancellationToken cancel) => AskAsync(
        HttpMethod.Post, $"apps/{Uri.EscapeDataString(app)}/releases/prune", ControlJson.Lines.PruneReport, cancel,
        JsonContent.Create(order, ControlJson.Lines.PruneOrder));

    /// <summary>The last deployments that have ended, oldest first; of all apps where none is named.</summary>
    public Task<IReadOnlyList<DeploymentRecord>> HistoryAsync(string? app, int lines, CancellationToken cancel) => AskAsync(
        HttpMethod.Get, $"history?lines={lines}{(app is null ? "" : $"&app={Uri.EscapeDataString(app)}")}",
        ControlJson.Lines.IReadOnlyListDeploymentRecord, cancel);

    /// <summary>Deploys and follows the events.</summary>
    public IAsyncEnumerable<DeploymentEvent> DeployAsync(string app, DeployOrder order, CancellationToken cancel) =>
        EventsAsync(app, "deployments", JsonContent.Create(order, ControlJson.Lines.DeployOrder), cancel);

    /// <summary>Rolls back and follows the events.</summary>
    public IAsyncEnumerable<DeploymentEvent> RollbackAsync(string app, RollbackOrder order, CancellationToken cancel) =>
        EventsAsync(app, "rollback", JsonContent.Create(order, ControlJson.Lines.RollbackOrder), cancel);

    /// <summary>Restarts the workers and follows the events.</summary>
    public IAsyncEnumerable<DeploymentEvent> RestartAsync(string app, CancellationToken cancel) =>
        EventsAsync(app, "restart", null, cancel);

    /// <summary>Runs something once and follows what becomes of it; detached, only that it has begun.</summary>
    public IAsyncEnumerable<RunOnceEvent> RunOnceAsync(string app, RunOnceOrder order, CancellationToken cancel) => EventsAsync(
        app, "run-once", JsonContent.Create(order, ControlJson.Lines.RunOnceOrder), ControlJson.Lines.RunOnceEvent,
        told => told.IsLast || order.Detach, cancel);

    /// <summary>Ends what is run once; one that has ended by itself meanwhile is as good.</summary>
    public async Task EndRunOnceAsync(string app, string id, CancellationToken cancel)
    {
        try
        {
            using var _ = await SendAsync(
                HttpMethod.Delete, $"apps/{Uri.EscapeDataString(app)}/run-once/{Uri.EscapeDataString(id)}", null, cancel);
        }
        catch (UserError e) when (e.ExitCode == ExitCodes.Refused)
        {
        }
    }

    /// <summary>Looks at the source of an app.</summary>
    public Task<CheckReport> CheckAsync(string app, CancellationToken cancel) =>
        AskAsync(HttpMethod.Post, $"apps/{Uri.EscapeDataString(app)}/check", ControlJson.Lines.CheckReport, cancel);

    /// <summary>What the workers print, line by line.</summary>
    public async IAsyncEnumerable<string> LogsAsync(
        string app, int? release, int lines, bool follow, [EnumeratorCancellation] CancellationToken cancel)
    {
        var path = $"apps/{Uri.EscapeDataString(app)}/logs?lines={lines}&follow={follow}{(release is { } number ? $"&release={number}" : "")}";
        using var response = await SendAsync(HttpMethod.Get, path, null, cancel);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancel));
        while (await ReadLineAsync(reader, cancel) is { } line)
        {
            yield return line;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async IAsyncEnumerable<T> EventsAsync<T>(
        string app, string verb, HttpContent? body, JsonTypeInfo<T> form, Func<T, bool> isLast, [EnumeratorCancellation] CancellationToken cancel)
        where T : class
    {
        using var response = await SendAsync(HttpMethod.Post, $"apps/{Uri.EscapeDataString(app)}/{verb}", body, cancel);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancel));
        T? last = null;
        while (await ReadLineAsync(reader, cancel) is { } line)
        {
            last = EventOf(line, form);
            yield return last;
        }

        if (last is null || !isLast(last))
        {
            throw WentAway();
        }
    }

    private IAsyncEnumerable<DeploymentEvent> EventsAsync(string app, string verb, HttpContent? body, CancellationToken cancel) =>
        EventsAsync(app, verb, body, ControlJson.Lines.DeploymentEvent, told => told.IsLast, cancel);

    private T EventOf<T>(string line, JsonTypeInfo<T> form)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(line, form) ?? throw WentAway();
        }
        catch (JsonException)
        {
            // The last line, cut off.
            throw WentAway();
        }
    }

    private async Task<T> AskAsync<T>(
        HttpMethod method, string path, JsonTypeInfo<T> answer, CancellationToken cancel, HttpContent? body = null)
    {
        using var response = await SendAsync(method, path, body, cancel);
        return await ReadAsync(response, answer, cancel);
    }

    private async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> form, CancellationToken cancel)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(form, cancel) ?? throw WentAway();
        }
        catch (Exception e) when (e is IOException or HttpRequestException or JsonException)
        {
            throw WentAway();
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        }
        catch (HttpRequestException e)
        {
            throw e.InnerException is SocketException socket ? NoFront(socket) : WentAway();
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw await RefusedAsync(response, cancel);
        }
    }

    private async Task<UserError> RefusedAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        if (response.Content.Headers.ContentType?.MediaType == "application/json")
        {
            var report = await ReadAsync(response, ControlJson.Lines.ErrorReport, cancel);
            return new UserError(report.Error, response.StatusCode == HttpStatusCode.BadRequest ? ExitCodes.Usage : ExitCodes.Refused);
        }

        return new UserError($"the front answered {(int)response.StatusCode}; its log says more", ExitCodes.Refused);
    }

    private async Task<string?> ReadLineAsync(StreamReader reader, CancellationToken cancel)
    {
        try
        {
            return await reader.ReadLineAsync(cancel);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw WentAway();
        }
    }

    private UserError NoFront(SocketException e) => e.SocketErrorCode == SocketError.AccessDenied
        ? new UserError($"no permission for {socketPath}; run as the user the front runs as", ExitCodes.NoFront)
        : new UserError($"no front answers at {socketPath}; start one with 'bluegreen run', or name its folder with --state", ExitCodes.NoFront);

    private UserError WentAway() => new($"the front at {socketPath} went away before it had answered; its log says why", ExitCodes.NoFront);

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
