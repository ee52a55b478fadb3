namespace BlueGreen.Proxy.Forwarding;

/// <summary>
/// Sends each piece of a request's body on as it comes. The handler alone would keep small pieces back until 4 KiB are full
/// or the body ends, so a worker would not hear a client that sends a little at a time.
/// </summary>
internal sealed class UnbufferedUploads(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>Bodies known to be this small, in bytes, are left as they are: they are sent in one piece, at their end.</summary>
    private const long Small = 4096;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Version.Major > 1)
        {
            return SendOverHttp2Async(request, cancellationToken);
        }

        if (request.Content is { } content && content.Headers.ContentLength is null or > Small)
        {
            request.Content = new UnbufferedContent(content);
        }

        return base.SendAsync(request, cancellationToken);
    }

    /// <summary>
    /// Every body goes this way, because <see cref="SendOnce"/> asks whether it has been begun, and because a stream that the worker
    /// reset cancels its body: that must not be told instead of the reset, of which the answer knows.
    /// </summary>
    private async Task<HttpResponseMessage> SendOverHttp2Async(HttpRequestMessage request, CancellationToken cancel)
    {
        if (request.Content is not { } content || content.Headers.ContentLength == 0)
        {
            return await base.SendAsync(request, cancel);
        }

        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        request.Content = new UnbufferedContent(content, answered.Task, cancel);
        try
        {
            return await base.SendAsync(request, cancel);
        }
        finally
        {
            answered.TrySetResult();
        }
    }
}
