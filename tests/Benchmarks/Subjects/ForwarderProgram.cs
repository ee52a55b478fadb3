using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Forwarder;

namespace BlueGreen.Benchmarks.Subjects;

/// <summary>
/// YARP's forwarder on Kestrel and nothing else: what is between this and the front is the front's own, what is between this and the other
/// proxies is not.
/// </summary>
internal static class ForwarderProgram
{
    /// <summary>Serves until it is stopped.</summary>
    /// <param name="port">Where it listens on 127.0.0.1.</param>
    /// <param name="web">The app: HOST:PORT or the path of a socket.</param>
    /// <param name="tool">The same, for paths below /tool.</param>
    /// <param name="stop">Ends it.</param>
    public static async Task RunAsync(string port, string web, string tool, CancellationToken stop)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture), listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddHttpForwarder();
        await using var app = builder.Build();
        var forwarder = app.Services.GetRequiredService<IHttpForwarder>();
        var config = new ForwarderRequestConfig { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var webClient = ClientOf(web);
        using var toolClient = ClientOf(tool);
        app.Run(async context =>
        {
            var client = context.Request.Path.StartsWithSegments("/tool") ? toolClient : webClient;
            await forwarder.SendAsync(context, "http://localhost/", client, config);
        });
        await app.StartAsync(stop);
        await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static HttpMessageInvoker ClientOf(string address) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectCallback = async (_, cancel) =>
        {
            var socket = address.StartsWith('/')
                ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
                : new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(address.StartsWith('/') ? new UnixDomainSocketEndPoint(address) : IPEndPoint.Parse(address), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });
}
