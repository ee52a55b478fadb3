using System.Net;
using BlueGreen.Proxy.Forwarding;

namespace BlueGreen.Proxy.Tests.Forwarding;

public sealed class UnbufferedContentTests
{
    private readonly TaskCompletionSource _answered = new();
    private readonly CancellationTokenSource _request = new();
    private readonly CancellationTokenSource _stream = new();

    [Theory(Timeout = 10_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_that_a_reset_of_its_stream_cancelled_fails_only_once_the_request_has(bool isWrapped)
    {
        var copying = Copy(new CancelledBody(isWrapped));

        await _stream.CancelAsync();
        await Task.Yield();
        Assert.False(copying.IsCompleted);
        _answered.SetResult();

        await Assert.ThrowsAnyAsync<Exception>(() => copying);
    }

    [Fact(Timeout = 10_000)]
    public async Task A_body_of_a_request_that_is_cancelled_fails_at_once()
    {
        var copying = Copy(new CancelledBody(isWrapped: true));

        await _request.CancelAsync();
        await _stream.CancelAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => copying);
    }

    [Fact(Timeout = 10_000)]
    public async Task A_body_that_breaks_off_fails_at_once() =>
        await Assert.ThrowsAnyAsync<Exception>(() => Copy(new StreamContent(new BrokenStream())));

    private Task Copy(HttpContent body) => new UnbufferedContent(body, _answered.Task, _request.Token).CopyToAsync(Stream.Null, _stream.Token);

    /// <summary>Has no bytes until it is cancelled; how that is told depends on whether it was read or written right then.</summary>
    private sealed class CancelledBody(bool isWrapped) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            catch (OperationCanceledException e) when (isWrapped)
            {
                throw new IOException("The body could not be read.", e);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = -1;
            return false;
        }
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) =>
            throw new IOException("The client is gone.");
    }
}
