using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using BlueGreen.Agent.Control;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace BlueGreen.Agent.Tests.Control;

public sealed class ControlServerTests : IAsyncDisposable
{
    private readonly ControlBench _bench = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact(Timeout = 30_000)]
    public async Task Only_the_owner_can_open_the_socket()
    {
        await _bench.OpenAsync();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_bench.SocketPath));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_stale_socket_is_replaced()
    {
        using (var stale = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            // Bound under another name, so that closing it leaves the file as a killed front does.
            stale.Bind(new UnixDomainSocketEndPoint(_bench.SocketPath + "x"));
            File.Move(_bench.SocketPath + "x", _bench.SocketPath);
        }

        Assert.True(File.Exists(_bench.SocketPath));

        await _bench.OpenAsync();

        Assert.Equal("1.2.3", (await _bench.Client.StatusAsync(Token)).Version);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_file_in_the_way_is_refused_and_stays()
    {
        await File.WriteAllTextAsync(_bench.SocketPath, "precious", Token);

        var refusal = await Assert.ThrowsAsync<UserError>(_bench.OpenAsync);

        Assert.Equal($"{_bench.SocketPath} is in the way and is not a socket; move it aside or choose another --state", refusal.Message);
        Assert.Equal(ExitCodes.Usage, refusal.ExitCode);
        Assert.Equal("precious", await File.ReadAllTextAsync(_bench.SocketPath, Token));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_folder_in_the_way_is_refused_and_stays()
    {
        Directory.CreateDirectory(_bench.SocketPath);

        var refusal = await Assert.ThrowsAsync<UserError>(_bench.OpenAsync);

        Assert.Equal($"{_bench.SocketPath} is in the way and is not a socket; move it aside or choose another --state", refusal.Message);
        Assert.True(Directory.Exists(_bench.SocketPath));
    }

    [Theory]
    [InlineData(107, true)]
    [InlineData(108, false)]
    public void A_path_longer_than_an_address_can_hold_is_refused(int bytes, bool fits)
    {
        // é is two bytes long.
        var path = "/é" + new string('x', bytes - 3);

        if (fits)
        {
            ControlServer.CheckLength(path);
            return;
        }

        var refusal = Assert.Throws<UserError>(() => ControlServer.CheckLength(path));
        Assert.Equal($"the path of the control socket is 108 bytes long, 107 are possible: {path}; choose a shorter --state", refusal.Message);
    }

    [Fact(Timeout = 30_000)]
    public async Task Closing_removes_the_socket()
    {
        await _bench.OpenAsync();

        await _bench.CloseAsync();

        Assert.False(File.Exists(_bench.SocketPath));
    }

    [Fact(Timeout = 60_000)]
    public async Task Closing_lets_answers_under_way_finish()
    {
        await _bench.OpenAsync();
        await _bench.Deployments.DeployAsync("v1");
        for (var round = 0; round < 10; round++)
        {
            await using var events = _bench.Client.RestartAsync("web", Token).GetAsyncEnumerator(Token);
            Assert.True(await events.MoveNextAsync());
            var restart = _bench.Deployments.Coordinator.Running(_bench.Deployments.App)!;
            await _bench.Deployments.AnswerAsync(restart);
            await Deployments.DeploymentBench.ReachedAsync(restart, "completed");

            await _bench.CloseAsync();

            var last = "";
            while (await events.MoveNextAsync())
            {
                last = events.Current.Event;
            }

            Assert.Equal("completed", last);
            await _bench.OpenAsync();
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task Closing_ends_those_who_follow_for_ever()
    {
        await _bench.OpenAsync();
        await using var lines = _bench.Client.LogsAsync("web", null, 10, follow: true, Token).GetAsyncEnumerator(Token);
        var next = lines.MoveNextAsync().AsTask();
        Assert.Equal("1.2.3", (await _bench.Client.StatusAsync(Token)).Version);

        await _bench.CloseAsync();

        var gone = await Assert.ThrowsAsync<UserError>(() => next);
        Assert.Equal(ExitCodes.NoFront, gone.ExitCode);
    }

    [Fact(Timeout = 30_000)]
    public async Task The_description_tells_of_every_route()
    {
        await _bench.OpenAsync();
        using var description = JsonDocument.Parse(await _bench.Http.GetStringAsync("/openapi.json", Token));

        var described = description.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(verb => $"{verb.Name.ToUpperInvariant()} {path.Name}"));

        Assert.Equal(MappedRoutes().Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
        Assert.Equal(
            [
                "DELETE /v1/apps/{app}/run-once/{id}", "GET /v1/apps/{app}/logs", "GET /v1/apps/{app}/releases", "GET /v1/apps/{app}/releases/{release}", "GET /v1/apps/{app}/scale", "GET /v1/history", "GET /v1/status",
                "POST /v1/apps/{app}/check", "POST /v1/apps/{app}/deployments", "POST /v1/apps/{app}/releases/prune", "POST /v1/apps/{app}/restart",
                "POST /v1/apps/{app}/rollback", "POST /v1/apps/{app}/run-once", "POST /v1/apps/{app}/scale", "POST /v1/reload", "POST /v1/stop",
            ],
            described.Order(StringComparer.Ordinal));
        Assert.All(
            description.RootElement.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()),
            verb => Assert.NotEmpty(verb.Value.GetProperty("summary").GetString()!));
    }

    [Theory(Timeout = 30_000)]
    [InlineData("{}", 400, "name a process type, or a program in arguments")]
    [InlineData("""{"arguments":[]}""", 400, "name a process type, or a program in arguments")]
    [InlineData("""{"arguments":[""]}""", 400, "name a process type, or a program in arguments")]
    [InlineData("""{"arguments":["ls",null]}""", 400, "arguments are texts without zero bytes")]
    [InlineData("""{"arguments":["ls","\u0000"]}""", 400, "arguments are texts without zero bytes")]
    [InlineData("""{"process":"cron","arguments":null,"timeoutMs":0}""", 400, "timeoutMs must be from 1 to 3600000000")]
    [InlineData("""{"process":"cron","arguments":null}""", 409, "web has no active release; deploy one first")]
    public async Task What_cannot_be_run_once_is_refused(string order, int status, string reason)
    {
        await _bench.OpenAsync();
        using var body = new StringContent(order, Encoding.UTF8, "application/json");

        using var answer = await _bench.Http.PostAsync("/v1/apps/web/run-once", body, Token);

        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        using var error = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token));
        Assert.Equal(reason, error.RootElement.GetProperty("error").GetString());
    }

    [Fact(Timeout = 30_000)]
    public async Task Only_what_runs_once_can_be_ended()
    {
        await _bench.OpenAsync();

        using var answer = await _bench.Http.DeleteAsync("/v1/apps/web/run-once/web.1.once%2B1", Token);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(
            """{"error":"nothing of web runs once as web.1.once+1; 'bluegreen status' shows what does"}""", await answer.Content.ReadAsStringAsync(Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_deployment_answers_with_one_json_object_a_line()
    {
        await _bench.OpenAsync();
        var source = JsonSerializer.Serialize(_bench.Deployments.Source("bad", "exit 3\n"));
        using var body = new StringContent($"{{\"source\":{source}}}", Encoding.UTF8, "application/json");

        using var answer = await _bench.Http.PostAsync("/v1/apps/web/deployments", body, Token);
        var text = await answer.Content.ReadAsStringAsync(Token);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType?.MediaType);
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
        var names = text.TrimEnd('\n').Split('\n').Select(line =>
        {
            using var told = JsonDocument.Parse(line);
            return told.RootElement.GetProperty("event").GetString();
        });
        Assert.Equal(["fetching", "preparing", "starting", "probing", "failed"], names);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("POST", "/v1/apps/web/deployments", "{}", 400)]
    [InlineData("POST", "/v1/apps/web/deployments", "{", 400)]
    [InlineData("POST", "/v1/apps/web/deployments", "{\"source\":\"/x\",\"timeoutMs\":-1}", 400)]
    [InlineData("POST", "/v1/apps/web/deployments", "{\"source\":\"/x\",\"timeoutMs\":9223372036854775807}", 400)]
    [InlineData("POST", "/v1/apps/none/deployments", "{\"source\":\"/x\"}", 404)]
    [InlineData("POST", "/v1/apps/web/restart", "", 409)]
    [InlineData("GET", "/v1/apps/web/logs?lines=x", "", 400)]
    [InlineData("GET", "/v1/apps/web/logs?lines=-1", "", 400)]
    [InlineData("GET", "/v1/nothing", "", 404)]
    public async Task A_request_that_makes_no_sense_is_refused(string method, string path, string body, int status)
    {
        await _bench.OpenAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = body.Length > 0 ? new StringContent(body, Encoding.UTF8, "application/json") : null;

        using var answer = await _bench.Http.SendAsync(request, Token);

        Assert.Equal(status, (int)answer.StatusCode);
    }

    private IEnumerable<string> MappedRoutes()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRouting();
        var app = builder.Build();
        _bench.Endpoints.Map(app);
        return ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(route => route.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Select(
                verb => $"{verb} /{route.RoutePattern.RawText!.TrimStart('/')}"));
    }
}
