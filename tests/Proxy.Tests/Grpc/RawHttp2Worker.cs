namespace BlueGreen.Proxy.Tests.Grpc;

/// <summary>The worker's end of one HTTP/2 connection, frame by frame.</summary>
internal sealed class RawHttp2Worker(RawConnection connection)
{
    /// <summary>Length of the prefix of a message (1 byte: compressed or not, 4 bytes: its length).</summary>
    private const string HelloMessage = "\0\0\0\0\u0005hello";

    public RawConnection Connection => connection;

    /// <summary>The next connection that the front makes, with the settings exchanged.</summary>
    public static async Task<RawHttp2Worker> AcceptAsync(RawBackend backend)
    {
        var connection = await backend.AcceptAsync();
        Assert.Equal(Http2Frame.Preface, await connection.ReadAsync(Http2Frame.Preface.Length));
        await connection.WriteAsync($"{new Http2Frame(Http2Frame.Settings, 0, 0)}{new Http2Frame(Http2Frame.Settings, Http2Frame.Ack, 0)}");
        return new RawHttp2Worker(connection);
    }

    /// <summary>Passes over everything up to the head of the next request.</summary>
    /// <returns>Its stream.</returns>
    public async Task<int> ReadRequestAsync() => (await Http2Frame.ReadAsync(connection, Http2Frame.Headers)).Stream;

    /// <summary>Reads frames until the request has ended.</summary>
    public async Task ReadToEndOfRequestAsync()
    {
        while (!(await Http2Frame.ReadAsync(connection)).EndsStream)
        {
        }
    }

    public Task WriteAsync(Http2Frame frame) => connection.WriteAsync(frame.ToString());

    /// <summary>The head of an answer and one message.</summary>
    public async Task BeginAnswerAsync(int stream)
    {
        await WriteAsync(Http2Frame.HeadersOf(stream, endStream: false, (":status", "200"), ("content-type", "application/grpc")));
        await WriteAsync(new Http2Frame(Http2Frame.Data, 0, stream, HelloMessage));
    }

    public async Task AnswerAsync(int stream)
    {
        await BeginAnswerAsync(stream);
        await WriteAsync(Http2Frame.HeadersOf(stream, endStream: true, ("grpc-status", "0")));
    }
}
