using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;

namespace BlueGreen.Proxy.Tests.Grpc;

/// <summary>A client of <see cref="EchoService"/> with one connection, as clients of gRPC have by default.</summary>
internal sealed class GrpcClient : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly CallInvoker _calls;
    private int _connections;

    public GrpcClient(FrontUnderTest front)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, cancel) =>
            {
                Interlocked.Increment(ref _connections);
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(front.EndPoint, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        _channel = GrpcChannel.ForAddress(front.Url, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
        _calls = _channel.CreateCallInvoker();
    }

    /// <summary>Connections made until now.</summary>
    public int Connections => _connections;

    public AsyncUnaryCall<string> Unary(string message, CallOptions options = default) =>
        _calls.AsyncUnaryCall(EchoService.Unary, null, Within(options), message);

    public AsyncClientStreamingCall<string, string> ClientStreaming() =>
        _calls.AsyncClientStreamingCall(EchoService.ClientStreaming, null, Within(default));

    public AsyncServerStreamingCall<string> ServerStreaming(string message) =>
        _calls.AsyncServerStreamingCall(EchoService.ServerStreaming, null, Within(default), message);

    public AsyncDuplexStreamingCall<string, string> Duplex(CallOptions options = default) =>
        _calls.AsyncDuplexStreamingCall(EchoService.Duplex, null, Within(options));

    public void Dispose() => _channel.Dispose();

    private static CallOptions Within(CallOptions options) =>
        options.CancellationToken.CanBeCanceled ? options : options.WithCancellationToken(RawConnection.TestEnds);
}
