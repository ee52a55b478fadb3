using System.IO.Pipelines;
using BlueGreen.Proxy.Forwarding;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace BlueGreen.Proxy.Exchanges;

/// <summary>
/// The body of an answer, counted on its way. A feature of its own, because the stream alone would take the end of the answer from
/// Kestrel, which calls of gRPC wait for.
/// </summary>
internal sealed class CountedBody(IHttpResponseBodyFeature inner) : WriteOnlyStream, IHttpResponseBodyFeature, IByteCount
{
    public long Bytes { get; private set; }

    public Stream Stream => this;

    public PipeWriter Writer => inner.Writer;

    /// <summary>Counts the body of this response from here on.</summary>
    public static CountedBody Put(HttpContext context)
    {
        var body = new CountedBody(context.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
        context.Features.Set<IHttpResponseBodyFeature>(body);
        return body;
    }

    /// <summary>Gives the response back the body it had.</summary>
    public void TakeAway(HttpContext context) => context.Features.Set(inner);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Bytes += buffer.Length;
        return inner.Stream.WriteAsync(buffer, cancellationToken);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.Stream.FlushAsync(cancellationToken);

    public void DisableBuffering() => inner.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        inner.SendFileAsync(path, offset, count, cancellationToken);

    public Task CompleteAsync() => inner.CompleteAsync();
}
