using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;

namespace BlueGreen.EndToEnd.Tests.Harness;

/// <summary>A client of the gRPC worker with one connection, as clients of gRPC have by default.</summary>
public sealed class GrpcClient : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly CallInvoker _calls;
    private int _connections;

    /// <param name="front">Where it listens.</param>
    public GrpcClient(Uri front)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (context, cancel) =>
            {
                Interlocked.Increment(ref _connections);
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(context.DnsEndPoint, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        _channel = GrpcChannel.ForAddress(front, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
        _calls = _channel.CreateCallInvoker();
    }

    /// <summary>Connections made until now.</summary>
    public int Connections => _connections;

    /// <summary>One message, one answer.</summary>
    public AsyncUnaryCall<string> Unary(string message, DateTime? deadline = null) =>
        _calls.AsyncUnaryCall(Method(MethodType.Unary), null, Options(deadline), message);

    /// <summary>Many messages, one answer.</summary>
    public AsyncClientStreamingCall<string, string> ClientStreaming() =>
        _calls.AsyncClientStreamingCall(Method(MethodType.ClientStreaming), null, Options());

    /// <summary>One message, an answer to each of its parts, which '+' joins.</summary>
    public AsyncServerStreamingCall<string> ServerStreaming(string message) =>
        _calls.AsyncServerStreamingCall(Method(MethodType.ServerStreaming), null, Options(), message);

    /// <summary>Many messages, an answer to each.</summary>
    public AsyncDuplexStreamingCall<string, string> Duplex() => _calls.AsyncDuplexStreamingCall(Method(MethodType.DuplexStreaming), null, Options());

    /// <inheritdoc/>
    public void Dispose() => _channel.Dispose();

    private static CallOptions Options(DateTime? deadline = null) => new(deadline: deadline, cancellationToken: TestContext.Current.CancellationToken);

    private static Method<string, string> Method(MethodType type) =>
        new(type, "bluegreen.Echo", type.ToString(), Marshallers.StringMarshaller, Marshallers.StringMarshaller);
}
