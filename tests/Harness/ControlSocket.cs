using System.Net.Http.Json;
using System.Net.Sockets;

namespace BlueGreen.Harness;

/// <summary>Asks a front over its control socket, as the command line does, without starting a process each time.</summary>
/// <param name="path">DIR/control.sock.</param>
public sealed class ControlSocket(string path) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancel) => await ConnectAsync(path, cancel),
    })
    {
        BaseAddress = new Uri("http://control/v1/"),
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>What <c>bluegreen status --json</c> prints.</summary>
    /// <exception cref="HttpRequestException">No front answers.</exception>
    public async Task<FrontStatus> StatusAsync() => (await _client.GetFromJsonAsync<FrontStatus>("status", TimeLimit.Token))!;

    /// <summary>The same, or null when no front answers.</summary>
    public async Task<FrontStatus?> TryStatusAsync()
    {
        try
        {
            return await StatusAsync();
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static async Task<Stream> ConnectAsync(string path, CancellationToken cancel)
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
