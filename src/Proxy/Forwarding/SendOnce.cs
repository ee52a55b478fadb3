namespace BlueGreen.Proxy.Forwarding;

/// <summary>
/// Keeps the client of a worker from sending a request a second time on its own. Over HTTP/1.1 it does so up to three times, whatever
/// the method, when a connection, new or pooled, ends before the first byte of an answer and no body has been sent: a POST without one,
/// or one that still waits for 100 Continue, could be executed twice. Whether to send again is for <see cref="Resending"/> to say.
/// Over HTTP/2 it does so only with proof that the worker did not begin the request, REFUSED_STREAM or GOAWAY with a lower stream
/// (RFC 9113, 8.7), so it may; but not when the body has been begun, which can be read only once: half of it would arrive as a whole.
/// </summary>
/// <remarks>
/// The client says that it writes the head of a request by asking for the encoding of its headers; that a head has been written
/// is kept on the message itself. What it is kept in means nothing any more by then, and costs nothing, unlike an option.
/// </remarks>
internal static class SendOnce
{
    private const HttpVersionPolicy Begun = HttpVersionPolicy.RequestVersionOrHigher;

    /// <summary>True once the head was written to a connection: a worker may have it.</summary>
    public static bool HasBegun(HttpRequestMessage request) => request.VersionPolicy == Begun;

    /// <summary>Called for each header that is about to be written.</summary>
    /// <exception cref="SentAlreadyException">The head was written before.</exception>
    public static void OnHeader(string name, HttpRequestMessage request)
    {
        // A header that each request has, once, and that comes from the front: it stands for the whole head.
        if (name == ForwardedHeaders.For)
        {
            ThrowIfBegun(request);
            request.VersionPolicy = Begun;
        }
    }

    /// <summary>Called before a connection is dialled for a request.</summary>
    /// <exception cref="SentAlreadyException">It has been sent on another one.</exception>
    public static void ThrowIfBegun(HttpRequestMessage request)
    {
        if (HasBegun(request) && (request.Version.Major == 1 || request.Content is UnbufferedContent { HasBegun: true }))
        {
            throw new SentAlreadyException();
        }
    }
}
