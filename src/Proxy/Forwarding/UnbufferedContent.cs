using System.Net;

namespace BlueGreen.Proxy.Forwarding;

/// <summary>A request's body with its headers, written so that no piece waits for the next.</summary>
internal sealed class UnbufferedContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly Task _answered;
    private readonly CancellationToken _cancel;

    public UnbufferedContent(HttpContent inner)
        : this(inner, Task.CompletedTask, CancellationToken.None)
    {
    }

    /// <param name="inner">The body.</param>
    /// <param name="answered">Completes when the request has an answer or has failed: not before that does a body fail that was cancelled.</param>
    /// <param name="cancel">Cancels the request, which is no such failure.</param>
    public UnbufferedContent(HttpContent inner, Task answered, CancellationToken cancel)
    {
        _inner = inner;
        _answered = answered;
        _cancel = cancel;
        foreach (var header in inner.Headers.NonValidated)
        {
            foreach (var value in header.Value)
            {
                Headers.TryAddWithoutValidation(header.Key, value);
            }
        }
    }

    /// <summary>True once the body is on its way: what has been read of it cannot be read again.</summary>
    public bool HasBegun { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        HasBegun = true;
        try
        {
            await _inner.CopyToAsync(new FlushedStream(stream), context, cancellationToken);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested && !_cancel.IsCancellationRequested)
        {
            await _answered.WaitAsync(_cancel);
            throw;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = -1;
        return false;
    }

    private sealed class FlushedStream(Stream inner) : WriteOnlyStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await inner.WriteAsync(buffer, cancellationToken);
            await inner.FlushAsync(cancellationToken);
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);
    }
}
