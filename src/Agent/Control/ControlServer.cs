using System.Net.Sockets;
using System.Text;
using BlueGreen.Agent.Control.Contracts;
using BlueGreen.Agent.State;
using BlueGreen.Agent.Workers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Control;

/// <summary>
/// The control socket: HTTP over a Unix domain socket that only its owner can open (mode 0600). Whoever has locked the state folder
/// owns the path, so a socket found there is a stale one and is replaced.
/// </summary>
internal sealed class ControlServer : IAsyncDisposable
{
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private readonly WebApplication _app;
    private readonly Socket _socket;
    private readonly string _path;

    private ControlServer(WebApplication app, Socket socket, string path)
    {
        _app = app;
        _socket = socket;
        _path = path;
    }

    /// <summary>Opens the socket and answers on it.</summary>
    /// <exception cref="UserError">The path is too long, or something else than a socket is there.</exception>
    public static async Task<ControlServer> StartAsync(StateDirectory directory, ControlEndpoints endpoints, ILoggerFactory logging)
    {
        var path = directory.ControlSocket;
        var socket = Bind(path);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenHandle((ulong)socket.Handle));
        builder.Services.AddSingleton(logging);
        builder.Services.AddRouting();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ControlJson.Lines));
        builder.Services.AddOpenApi();
        var app = builder.Build();
        app.UseRouting();
        endpoints.Map(app);
        app.MapOpenApi("/openapi.json");
        await app.StartAsync();
        return new ControlServer(app, socket, path);
    }

    /// <summary>Gives answers under way a moment to finish, ends those that go on for ever and removes the socket.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(LastWords);
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
        _socket.Dispose();
        try
        {
            File.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // On a disk that is read-only by now; the next front replaces it.
        }
    }

    private static Socket Bind(string path)
    {
        CheckLength(path);
        if (Path.Exists(path))
        {
            RemoveStale(path);
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        // Before it listens, so there is no moment at which somebody else could connect.
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        socket.Listen();
        return socket;
    }

    /// <summary>Says so where the path of a control socket exceeds what a socket address can hold (unix(7)).</summary>
    /// <exception cref="UserError">It does.</exception>
    public static void CheckLength(string path)
    {
        var bytes = Encoding.UTF8.GetByteCount(path);
        if (bytes > WorkerLauncher.MaxSocketPathBytes)
        {
            throw new UserError(
                $"the path of the control socket is {bytes} bytes long, {WorkerLauncher.MaxSocketPathBytes} are possible: {path}; choose a shorter --state");
        }
    }

    private static void RemoveStale(string path)
    {
        // ENXIO: opening a socket as a file fails in this way, opening anything else does not.
        var kind = File.GetAttributes(path);
        if (kind.HasFlag(FileAttributes.Directory) || !IsSocket(path))
        {
            throw new UserError($"{path} is in the way and is not a socket; move it aside or choose another --state");
        }

        File.Delete(path);
    }

    private static bool IsSocket(string path)
    {
        try
        {
            using var _ = File.OpenRead(path);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
