using System.Collections.Concurrent;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;

namespace BlueGreen.Proxy.Tests.Grpc;

/// <summary>A service with a method of each kind, whose messages are texts. Each answer begins with the name of the release.</summary>
internal sealed class EchoService(string release)
{
    /// <summary>The message after which a duplex call resets its stream with CANCEL.</summary>
    public const string Reset = "reset";

    private const int CancelCode = 8;

    private static readonly Marshaller<string> Text = Marshallers.StringMarshaller;

    public static readonly Method<string, string> Unary = Define(MethodType.Unary);
    public static readonly Method<string, string> ClientStreaming = Define(MethodType.ClientStreaming);
    public static readonly Method<string, string> ServerStreaming = Define(MethodType.ServerStreaming);
    public static readonly Method<string, string> Duplex = Define(MethodType.DuplexStreaming);

    private readonly ConcurrentQueue<ServerCallContext> _calls = new();
    private readonly SemaphoreSlim _begun = new(0);
    private readonly SemaphoreSlim _cancelled = new(0);

    /// <summary>The calls that came, in their order.</summary>
    public IReadOnlyCollection<ServerCallContext> Calls => _calls;

    /// <summary>Instead of an answer to the method for one message; null: the message itself is the answer.</summary>
    public Func<ServerCallContext, Task<string>>? Answer { get; set; }

    /// <summary>Completes once for each call that has come.</summary>
    public Task BegunAsync() => _begun.WaitAsync(RawConnection.TestEnds);

    /// <summary>Completes once for each call that was cancelled.</summary>
    public Task CancelledAsync() => _cancelled.WaitAsync(RawConnection.TestEnds);

    public ServerServiceDefinition Define() => ServerServiceDefinition.CreateBuilder()
        .AddMethod(Unary, new UnaryServerMethod<string, string>(UnaryAsync))
        .AddMethod(ClientStreaming, new ClientStreamingServerMethod<string, string>(ClientStreamingAsync))
        .AddMethod(ServerStreaming, new ServerStreamingServerMethod<string, string>(ServerStreamingAsync))
        .AddMethod(Duplex, new DuplexStreamingServerMethod<string, string>(DuplexAsync))
        .Build();

    private async Task<string> UnaryAsync(string message, ServerCallContext call)
    {
        Begin(call);
        return Answer is { } answer ? await answer(call) : $"{release}: {message}";
    }

    private async Task<string> ClientStreamingAsync(IAsyncStreamReader<string> messages, ServerCallContext call)
    {
        Begin(call);
        var parts = new List<string>();
        await foreach (var message in messages.ReadAllAsync(call.CancellationToken))
        {
            parts.Add(message);
        }

        return $"{release}: {string.Join('+', parts)}";
    }

    private async Task ServerStreamingAsync(string message, IServerStreamWriter<string> answers, ServerCallContext call)
    {
        Begin(call);
        foreach (var part in message.Split('+'))
        {
            await answers.WriteAsync($"{release}: {part}", call.CancellationToken);
        }

        call.ResponseTrailers.Add("x-parts", $"{message.Split('+').Length}");
    }

    private async Task DuplexAsync(IAsyncStreamReader<string> messages, IServerStreamWriter<string> answers, ServerCallContext call)
    {
        Begin(call);
        await foreach (var message in messages.ReadAllAsync(call.CancellationToken))
        {
            if (message == Reset)
            {
                call.GetHttpContext().Features.GetRequiredFeature<IHttpResetFeature>().Reset(CancelCode);
                return;
            }

            await answers.WriteAsync($"{release}: {message}", call.CancellationToken);
        }
    }

    private static Method<string, string> Define(MethodType type) => new(type, "bluegreen.Echo", type.ToString(), Text, Text);

    private void Begin(ServerCallContext call)
    {
        _calls.Enqueue(call);
        call.CancellationToken.UnsafeRegister(static state => ((SemaphoreSlim)state!).Release(), _cancelled);
        _begun.Release();
    }
}
