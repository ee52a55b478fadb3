using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BlueGreen.Harness.Origins;

/// <summary>A web server that does what the test says, also what no sound one would.</summary>
public sealed class Origin : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<OriginRequest> _requests = new();

    private Origin(WebApplication app, RequestDelegate answer)
    {
        _app = app;
        Answer = answer;
    }

    /// <summary>What it answers with; may change at any time.</summary>
    public RequestDelegate Answer { get; set; }

    /// <summary>Its address, ending with <c>/</c>.</summary>
    public Uri Url { get; private set; } = new("http://127.0.0.1/");

    /// <summary>What it was asked so far.</summary>
    public IReadOnlyList<OriginRequest> Requests => [.. _requests];

    /// <summary>Starts one on a free port.</summary>
    public static async Task<Origin> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var origin = new Origin(app, answer);
        app.Run(origin.HandleAsync);
        await app.StartAsync();
        origin.Url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/");
        return origin;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }

    private Task HandleAsync(HttpContext context)
    {
        _requests.Enqueue(new OriginRequest(
            context.Request.Method, context.Request.Path, context.Request.Headers.Authorization.ToString(), context.Request.Headers.Range.ToString()));
        return Answer(context);
    }
}
