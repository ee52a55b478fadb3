using System.Net;
using BlueGreen.Proxy.Upstreams;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace BlueGreen.Proxy.Tests.Grpc;

/// <summary>A worker of gRPC as apps are: Kestrel with HTTP/2 alone, without TLS.</summary>
internal sealed class GrpcBackend : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string? _unixPath;

    private GrpcBackend(WebApplication app, EchoService service, string? unixPath)
    {
        _app = app;
        _unixPath = unixPath;
        Service = service;
    }

    public EchoService Service { get; }

    public BackendAddress Address => _unixPath is { } path
        ? BackendAddress.ForUnix(path)
        : BackendAddress.ForTcp(IPEndPoint.Parse(
            new Uri(_app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single())
                .Authority));

    public static async Task<GrpcBackend> StartAsync(string release = "blue", string? unixPath = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            if (unixPath is null)
            {
                kestrel.Listen(IPAddress.Loopback, 0, port => port.Protocols = HttpProtocols.Http2);
            }
            else
            {
                kestrel.ListenUnixSocket(unixPath, port => port.Protocols = HttpProtocols.Http2);
            }
        });
        builder.Services.AddGrpc();
        var app = builder.Build();
        var service = new EchoService(release);
        app.MapGrpcService(service.Define());
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new GrpcBackend(app, service, unixPath);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
