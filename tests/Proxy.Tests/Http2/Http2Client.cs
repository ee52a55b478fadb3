namespace BlueGreen.Proxy.Tests.Http2;

/// <summary>The client's end of an HTTP/2 connection, frame by frame.</summary>
internal sealed class Http2Client(RawConnection connection) : IDisposable
{
    /// <summary>The errors by their codes (RFC 9113, 7).</summary>
    private static readonly string[] Errors =
    [
        "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED", "FRAME_SIZE_ERROR",
        "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM",
    ];

    /// <summary>Far more than any outcome takes; only a test that fails waits so long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public RawConnection Connection => connection;

    /// <summary>Connects, sends the preface and settings, and reads those of the front.</summary>
    public static async Task<Http2Client> ConnectAsync(FrontUnderTest front, string settings = "")
    {
        var client = new Http2Client(await front.ConnectAsync());
        await client.Connection.WriteAsync($"{Http2Frame.Preface}{new Http2Frame(Http2Frame.Settings, 0, 0, settings)}");
        var first = await Http2Frame.ReadAsync(client.Connection);
        Assert.Equal((Http2Frame.Settings, 0, 0), (first.Type, first.Flags, first.Stream));
        await client.WriteAsync(new Http2Frame(Http2Frame.Settings, Http2Frame.Ack, 0));
        return client;
    }

    public Task WriteAsync(Http2Frame frame) => connection.WriteAsync(frame.ToString());

    /// <summary>
    /// What becomes of what was sent: the first error the front tells, <c>closed</c>, or, where none is expected, the first answer or PING;
    /// <c>nothing</c> where no error comes for a while.
    /// </summary>
    public async Task<string> OutcomeAsync(bool isError)
    {
        try
        {
            while (true)
            {
                var reading = Http2Frame.ReadAsync(connection);
                if (await Task.WhenAny(reading, Task.Delay(Patience, RawConnection.TestEnds)) != reading)
                {
                    return "nothing";
                }

                var frame = await reading;
                switch (frame.Type)
                {
                    case Http2Frame.GoAway:
                        return $"goaway {Errors[frame.GoAwayCode]}";
                    case Http2Frame.Reset:
                        return $"reset {Errors[frame.ResetCode]}";
                    case Http2Frame.Headers when !isError:
                        return "answer";
                    case Http2Frame.Ping when !isError:
                        Assert.Equal((Http2Frame.Ack, "12345678"), (frame.Flags, frame.Payload));
                        return "ping";
                }
            }
        }
        catch (EndOfStreamException)
        {
            return "closed";
        }
    }

    public void Dispose() => connection.Dispose();
}
