using System.Net;
using System.Net.Http.Headers;

namespace BlueGreen.Agent.Health;

/// <summary>
/// The health service that servers of gRPC have ("GRPC Health Checking Protocol"), asked for the server as a whole. By hand, since the
/// question is an empty message and the answer one of two bytes.
/// </summary>
internal static class GrpcHealth
{
    /// <summary>Its path, which is how a configuration asks for it.</summary>
    public const string Path = "/grpc.health.v1.Health/Check";

    /// <summary>For people.</summary>
    public const string Name = "grpc.health.v1.Health/Check";

    private const string Type = "application/grpc";
    private const string Status = "grpc-status";

    /// <summary>Not compressed, 2 bytes long: field 1, the status, is 1, SERVING.</summary>
    private static readonly byte[] Serving = [0, 0, 0, 0, 2, 8, 1];

    /// <summary>Whether an answer is one of gRPC, so none to a GET.</summary>
    public static bool Answers(HttpResponseMessage answer) => answer.Content.Headers.ContentType?.MediaType == Type;

    /// <summary>Asks, on a connection of HTTP/2.</summary>
    public static async Task<ProbeResult> AskAsync(HttpMessageInvoker client, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://localhost" + Path)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(new byte[5]) { Headers = { ContentType = new MediaTypeHeaderValue(Type) } },
        };
        request.Headers.TE.ParseAdd("trailers");
        using var answer = await client.SendAsync(request, cancel);
        var body = await answer.Content.ReadAsByteArrayAsync(cancel);
        var status = ValueOf(answer.TrailingHeaders) ?? ValueOf(answer.Headers);
        return status is not "0" ? new ProbeResult(false, $"{Name} answered {(int)answer.StatusCode}, grpc-status {status ?? "none"}")
            : body.AsSpan().SequenceEqual(Serving) ? new ProbeResult(true, $"{Name} answered SERVING")
            : new ProbeResult(false, $"{Name} did not answer SERVING");
    }

    private static string? ValueOf(HttpResponseHeaders headers) => headers.TryGetValues(Status, out var values) ? values.First() : null;
}
