using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Agent.Tests.Deployments.WarmUps;

/// <summary>A worker's listener in the test's own process, with connections that are kept: the test says what it answers.</summary>
internal sealed class WarmWorker : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly ConcurrentDictionary<string, bool> _connections = new();

    private WarmWorker(WebApplication app) => _app = app;

    /// <summary>Method, target, Host and user agent of each request but health checks.</summary>
    public IReadOnlyCollection<string> Asked => _asked;

    /// <summary>How many connections those came over.</summary>
    public int Connections => _connections.Count;

    /// <summary>Listens at an end point, a TCP one or a socket.</summary>
    public static async Task<WarmWorker> StartAsync(EndPoint endPoint, RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            if (endPoint is IPEndPoint tcp)
            {
                kestrel.Listen(tcp);
            }
            else
            {
                kestrel.ListenUnixSocket(((UnixDomainSocketEndPoint)endPoint).ToString());
            }
        });
        var app = builder.Build();
        var worker = new WarmWorker(app);
        app.Use(worker.NoteAsync);
        app.Run(answer);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return worker;
    }

    /// <summary>One that answers with a status.</summary>
    public static Task<WarmWorker> StartAsync(EndPoint endPoint, Func<string, int> status) => StartAsync(endPoint, context =>
    {
        context.Response.StatusCode = status(context.Request.Path);
        return Task.CompletedTask;
    });

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task NoteAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (request.Headers.UserAgent != "bluegreen-health")
        {
            _asked.Enqueue($"{request.Method} {request.Path}{request.QueryString} {request.Host} {request.Headers.UserAgent}");
            _connections.TryAdd(context.Connection.Id, true);
        }

        return next(context);
    }
}
