using System.Text;
using Grpc.Core;

namespace BlueGreen.GrpcWorker;

/// <summary>
/// A service with a method of each kind, whose messages are texts. Each answer begins with the label of the release. A message
/// <c>wait FILE</c> is answered once that file is there; <c>fail</c> with a status. Calls that are cancelled are printed.
/// </summary>
internal sealed class EchoService(string label)
{
    private const string Wait = "wait ";
    private const string Fail = "fail";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private static readonly Marshaller<string> Text = Marshallers.StringMarshaller;

    public ServerServiceDefinition Define() => ServerServiceDefinition.CreateBuilder()
        .AddMethod(Method(MethodType.Unary), new UnaryServerMethod<string, string>(UnaryAsync))
        .AddMethod(Method(MethodType.ClientStreaming), new ClientStreamingServerMethod<string, string>(ClientStreamingAsync))
        .AddMethod(Method(MethodType.ServerStreaming), new ServerStreamingServerMethod<string, string>(ServerStreamingAsync))
        .AddMethod(Method(MethodType.DuplexStreaming), new DuplexStreamingServerMethod<string, string>(DuplexAsync))
        .Build();

    private async Task<string> UnaryAsync(string message, ServerCallContext call)
    {
        using var end = new Ending(call);
        return await AnswerAsync(message, call);
    }

    private async Task<string> ClientStreamingAsync(IAsyncStreamReader<string> messages, ServerCallContext call)
    {
        using var end = new Ending(call);
        var answers = new List<string>();
        await foreach (var message in messages.ReadAllAsync(call.CancellationToken))
            answers.Add(await AnswerAsync(message, call));
        return string.Join('+', answers);
    }

    private async Task ServerStreamingAsync(string message, IServerStreamWriter<string> answers, ServerCallContext call)
    {
        using var end = new Ending(call);
        var parts = message.Split('+');
        foreach (var part in parts)
            await answers.WriteAsync(await AnswerAsync(part, call), call.CancellationToken);
        call.ResponseTrailers.Add("x-parts", $"{parts.Length}");
    }

    private async Task DuplexAsync(IAsyncStreamReader<string> messages, IServerStreamWriter<string> answers, ServerCallContext call)
    {
        using var end = new Ending(call);
        await foreach (var message in messages.ReadAllAsync(call.CancellationToken))
            await answers.WriteAsync(await AnswerAsync(message, call), call.CancellationToken);
    }

    private async Task<string> AnswerAsync(string message, ServerCallContext call)
    {
        if (message == Fail)
            throw new RpcException(
                new Status(StatusCode.FailedPrecondition, $"{label} fails: 100 % – as it was told"),
                new Metadata { { "x-why", "told" }, { "grpc-status-details-bin", Encoding.UTF8.GetBytes($"details of {label}") } });
        if (message.StartsWith(Wait, StringComparison.Ordinal))
            while (!File.Exists(message[Wait.Length..]))
                await Task.Delay(Look, call.CancellationToken);
        return $"{label}: {message}";
    }

    private static Method<string, string> Method(MethodType type) => new(type, "bluegreen.Echo", type.ToString(), Text, Text);

    /// <summary>Prints a call that ends cancelled, and whether it had a deadline.</summary>
    private sealed class Ending(ServerCallContext call) : IDisposable
    {
        public void Dispose()
        {
            if (call.CancellationToken.IsCancellationRequested)
                Console.WriteLine($"{call.Method} {(call.Deadline == DateTime.MaxValue ? "is cancelled" : "is cancelled and had a deadline")}");
        }
    }
}
