using System.Net;
using BlueGreen.Proxy.Upstreams;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace BlueGreen.Proxy.Tests;

/// <summary>A worker as apps are: a small Kestrel app, for tests in which the bytes do not matter.</summary>
internal sealed class WebBackend : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebBackend(WebApplication app) => _app = app;

    public BackendAddress Address => BackendAddress.ForTcp(IPEndPoint.Parse(
        new Uri(_app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single())
            .Authority));

    public static async Task<WebBackend> StartAsync(RequestDelegate answer, HttpProtocols protocols = HttpProtocols.Http1)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, port => port.Protocols = protocols);
        });
        var app = builder.Build();
        app.UseWebSockets();
        app.Run(answer);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new WebBackend(app);
    }

    /// <summary>A worker that answers every request with one text.</summary>
    public static Task<WebBackend> SayingAsync(string text) => StartAsync(context => context.Response.WriteAsync(text));

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
