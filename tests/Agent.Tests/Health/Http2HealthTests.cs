using System.Net;
using BlueGreen.Agent.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace BlueGreen.Agent.Tests.Health;

/// <summary>Workers that speak HTTP/2 alone, without TLS, as servers of gRPC do.</summary>
public sealed class Http2HealthTests
{
    private const string GrpcCheck = "/grpc.health.v1.Health/Check";
    private static readonly byte[] Serving = [0, 0, 0, 0, 2, 8, 1];
    private static readonly byte[] NotServing = [0, 0, 0, 0, 2, 8, 2];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = 30_000)]
    [InlineData("/healthz", 200, "GET /healthz over HTTP/2 answered 200", true)]
    [InlineData("/healthz", 500, "GET /healthz over HTTP/2 answered 500", false)]
    [InlineData("/", 204, "GET / over HTTP/2 answered 204", true)]
    [InlineData("/", 503, "GET / over HTTP/2 answered 503", false)]
    public async Task They_are_asked_over_http2_by_the_same_paths(string path, int status, string description, bool passes)
    {
        await using var worker = await StartAsync(context =>
        {
            context.Response.StatusCode = context.Request.Path == path ? status : 404;
            return Task.CompletedTask;
        });

        Assert.Equal(new ProbeResult(passes, description), await CheckAsync(worker));
    }

    [Theory(Timeout = 30_000)]
    [InlineData(404)]
    [InlineData(405)]
    [InlineData(415)]
    public async Task A_server_of_grpc_alone_is_asked_for_its_health_service(int toAGet)
    {
        var answer = Serving;
        await using var worker = await StartAsync(context => AnswerAsync(context, toAGet, answer, "0"));

        Assert.Equal(new ProbeResult(true, "grpc.health.v1.Health/Check answered SERVING"), await CheckAsync(worker));

        answer = NotServing;
        Assert.Equal(new ProbeResult(false, "grpc.health.v1.Health/Check did not answer SERVING"), await CheckAsync(worker));
    }

    [Fact(Timeout = 30_000)]
    public async Task One_without_a_health_service_does_not_pass()
    {
        await using var worker = await StartAsync(context => AnswerAsync(context, 404, [], "12"));

        Assert.Equal(new ProbeResult(false, "grpc.health.v1.Health/Check answered 200, grpc-status 12"), await CheckAsync(worker));
    }

    [Fact(Timeout = 30_000)]
    public async Task The_health_service_can_be_asked_for_by_its_path_and_then_nothing_else_is()
    {
        var asked = new List<string>();
        await using var worker = await StartAsync(context =>
        {
            asked.Add($"{context.Request.Method} {context.Request.Path}");
            return AnswerAsync(context, 200, Serving, "0");
        });

        Assert.True((await CheckAsync(worker, GrpcCheck)).Passed);
        Assert.Equal([$"POST {GrpcCheck}"], asked);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_configured_path_is_the_only_one_that_is_asked_for()
    {
        var asked = new List<string>();
        await using var worker = await StartAsync(context =>
        {
            asked.Add($"{context.Request.Method} {context.Request.Path}");
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        });

        Assert.Equal(new ProbeResult(false, "GET /ready over HTTP/2 answered 404"), await CheckAsync(worker, "/ready"));
        Assert.Equal(["GET /ready"], asked);
    }

    [Fact(Timeout = 30_000)]
    public async Task Once_known_they_are_asked_over_http2_at_once_each_time_on_a_connection_of_its_own()
    {
        var connections = new List<string>();
        await using var worker = await StartAsync(context =>
        {
            connections.Add(context.Connection.Id);
            return Task.CompletedTask;
        });
        using var probe = new HealthProbe(EndPointOf(worker), new HealthOptions(), TimeProvider.System);

        for (var i = 0; i < 3; i++)
        {
            Assert.True((await probe.CheckAsync(Token)).Passed);
        }

        Assert.Equal(3, connections.Distinct().Count());
    }

    [Fact(Timeout = 30_000)]
    public async Task A_400_of_a_worker_that_speaks_http11_stays_its_answer()
    {
        await using var worker = RawWorker.Answering(400);

        using var probe = new HealthProbe(worker.EndPoint, new HealthOptions(), TimeProvider.System);

        Assert.Equal(new ProbeResult(false, "GET /healthz answered 400"), await probe.CheckAsync(Token));
    }

    private static async Task AnswerAsync(HttpContext context, int toAGet, byte[] message, string status)
    {
        if (context.Request.Method != HttpMethods.Post || context.Request.Path != GrpcCheck)
        {
            context.Response.StatusCode = toAGet;
            return;
        }

        using var question = new MemoryStream();
        await context.Request.Body.CopyToAsync(question);
        Assert.Equal(new byte[5], question.ToArray());
        Assert.Equal("application/grpc", context.Request.ContentType);
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(message);
        context.Response.AppendTrailer("grpc-status", status);
    }

    private static async Task<WebApplication> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(
            kestrel => kestrel.Listen(IPAddress.Loopback, 0, port => port.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync(Token);
        return app;
    }

    private static IPEndPoint EndPointOf(WebApplication worker) => IPEndPoint.Parse(new Uri(worker.Urls.Single()).Authority);

    private static async Task<ProbeResult> CheckAsync(WebApplication worker, string? path = null)
    {
        using var probe = new HealthProbe(EndPointOf(worker), new HealthOptions { Path = path }, TimeProvider.System);
        return await probe.CheckAsync(Token);
    }
}
