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
        if (request.Content is { } content && content.Headers.ContentLength is null or > Small)
        {
            request.Content = new UnbufferedContent(content);
        }

        return base.SendAsync(request, cancellationToken);
    }
}
