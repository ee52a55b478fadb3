using static BlueGreen.Proxy.Tests.Http2Frame;

namespace BlueGreen.Proxy.Tests.Http2;

/// <summary>
/// The rules of RFC 9113 and RFC 7541, modelled on the cases of h2spec and numbered as there, which refers to RFC 7540. Those of it that
/// are not about what a client sends (as 3.5/1) or need a second step (6.9.1/1) are in <see cref="Http2ConformanceTests"/>. Where a malformed
/// request is an error of its stream, it may be one of the connection (RFC 9113, 5.4.2), which Kestrel mostly makes of it.
/// </summary>
internal static class Http2Cases
{
    private const string Answer = "answer";
    private const string Pong = "ping";
    private const string Cancel = "\0\0\0\u0008";
    private const uint LargestWindow = int.MaxValue;

    /// <summary>GET or POST, http, /, and the authority "a"; the first three from the static table (RFC 7541, appendix A).</summary>
    private const string Get = "\u0082\u0086\u0084\u0041\u0001a";

    private const string Post = "\u0083\u0086\u0084\u0041\u0001a";

    private const string IndexZero = "COMPRESSION_ERROR; Kestrel calls it an error of its own, and the connection ends as well";
    private const string Dropped = "the request is malformed (8.2.1); Kestrel lets it pass, and the front takes the field away, so that what goes on is right";

    private static readonly string Pinging = $"{Frame(Ping, 0, 0, "12345678")}";
    private static readonly string GetOnce = Head(1, Get, end: true);
    private static readonly string PostBegun = Head(1, Post);

    /// <summary>An even number: a server's own.</summary>
    private const int EvenStream = 2;

    public static IReadOnlyList<Http2Case> All { get; } =
    [
        new("generic/2/1 PRIORITY on an idle stream", Frame(Priority, 0, 1, "\0\0\0\0\0") + Pinging, Pong),
        new("generic/2/2 WINDOW_UPDATE on a half-closed stream", GetOnce + Frame(WindowUpdate, 0, 1, Number(100)), Answer, ReachesWorker: true),
        new("generic/2/5 PRIORITY on a closed stream", PostBegun + Frame(Reset, 0, 1, Cancel) + Frame(Priority, 0, 1, "\0\0\0\0\0") + Pinging, Pong),
        new("generic/3.1/3 DATA with padding", PostBegun + Frame(Data, EndStream | Padded, 1, "\u0003hello\0\0\0"), Answer, ReachesWorker: true),
        new("generic/3.2/2 HEADERS with padding", Frame(Headers, EndStream | EndHeaders | Padded, 1, $"\u0003{Get}\0\0\0"), Answer, ReachesWorker: true),
        new("generic/3.2/3 HEADERS with priority", Frame(Headers, EndStream | EndHeaders | WithPriority, 1, $"\0\0\0\0\u00ff{Get}"), Answer, ReachesWorker: true),
        new("generic/3.3/5 HEADERS of a lower stream after PRIORITY of a higher one",
            Frame(Priority, 0, 3, "\0\0\0\0\u0010") + GetOnce, Answer, ReachesWorker: true),
        new("generic/3.7/1 PING", Pinging, Pong),
        new("generic/3.10/2 HEADERS in three pieces",
            Frame(Headers, EndStream, 1, Get[..1]) + Frame(Continuation, 0, 1, Get[1..3]) + Frame(Continuation, EndHeaders, 1, Get[3..]), Answer, ReachesWorker: true),
        new("generic/4/4 POST with trailers", PostBegun + Frame(Data, 0, 1, "x") + Head(1, Literal(("x-sum", "1")), end: true), Answer, ReachesWorker: true),
        new("generic/5/14 two updates of the table size", Head(1, "\u0020\u003f\u0001" + Get, end: true), Answer, ReachesWorker: true),
        new("generic/5/5 a name and a value in Huffman code", Head(1, Get + "\u0040\u0082\u0094\u00e7\u0082\u0094\u00e7", end: true), Answer, ReachesWorker: true),

        new("http2/4.1/1 a frame of an unknown type", Frame(0x16, 0, 0, "12345678") + Pinging, Pong),
        new("http2/4.1/2 PING with undefined flags", Frame(Ping, 0x16, 0, "12345678"), Pong),
        new("http2/4.1/3 PING with the reserved bit", Frame(Ping, 0, int.MinValue, "12345678"), Pong),
        new("http2/4.2/1 DATA of 2^14 bytes", PostBegun + Frame(Data, EndStream, 1, new string('x', 16_384)), Answer, ReachesWorker: true),
        new("http2/4.2/2 DATA beyond the frame size", PostBegun + Frame(Data, EndStream, 1, new string('x', 16_385)), "goaway FRAME_SIZE_ERROR"),
        new("http2/4.2/3 HEADERS beyond the frame size", Head(1, Get + new string('\u0082', 16_385), end: true), "goaway FRAME_SIZE_ERROR"),
        new("http2/4.3/1 an invalid header block", Head(1, "\u0080", end: true), "goaway INTERNAL_ERROR", Instead: IndexZero),
        new("http2/4.3/2 PRIORITY amid a header block",
            Frame(Headers, EndStream, 1, Get) + Frame(Priority, 0, 1, "\0\0\0\0\0") + Frame(Continuation, EndHeaders, 1, ""), "goaway PROTOCOL_ERROR"),
        new("http2/4.3/3 HEADERS of another stream amid a header block",
            Frame(Headers, EndStream, 1, Get) + Head(3, Get, end: true) + Frame(Continuation, EndHeaders, 1, ""), "goaway PROTOCOL_ERROR"),

        new("http2/5.1/1 idle: DATA", Frame(Data, EndStream, 1, "test"), "goaway PROTOCOL_ERROR"),
        new("http2/5.1/2 idle: RST_STREAM", Frame(Reset, 0, 1, Cancel), "goaway PROTOCOL_ERROR"),
        new("http2/5.1/3 idle: WINDOW_UPDATE", Frame(WindowUpdate, 0, 1, Number(100)), "goaway PROTOCOL_ERROR"),
        new("http2/5.1/4 idle: CONTINUATION", Frame(Continuation, EndHeaders, 1, Get), "goaway PROTOCOL_ERROR"),
        new("http2/5.1/5 half-closed: DATA", GetOnce + Frame(Data, EndStream, 1, "test"), "goaway STREAM_CLOSED", ReachesWorker: true),
        new("http2/5.1/6 half-closed: HEADERS", GetOnce + GetOnce, "goaway STREAM_CLOSED", ReachesWorker: true),
        new("http2/5.1/7 half-closed: CONTINUATION", GetOnce + Frame(Continuation, EndHeaders, 1, Get), "goaway PROTOCOL_ERROR", ReachesWorker: true),
        new("http2/5.1/8 closed by RST_STREAM: DATA", PostBegun + Frame(Reset, 0, 1, Cancel) + Frame(Data, EndStream, 1, "test"), "goaway STREAM_CLOSED"),
        new("http2/5.1/9 closed by RST_STREAM: HEADERS", PostBegun + Frame(Reset, 0, 1, Cancel) + GetOnce, "goaway STREAM_CLOSED"),
        new("http2/5.1/10 closed by RST_STREAM: CONTINUATION",
            PostBegun + Frame(Reset, 0, 1, Cancel) + Frame(Continuation, EndHeaders, 1, Get), "goaway PROTOCOL_ERROR"),
        new("http2/5.1.1/1 an even stream", Head(EvenStream, Get, end: true), "goaway PROTOCOL_ERROR"),
        new("http2/5.1.1/2 a lower stream than the one before", Head(5, Get, end: true) + Head(3, Get, end: true), "goaway STREAM_CLOSED", ReachesWorker: true),
        new("http2/5.3.1/1 HEADERS that depend on themselves",
            Frame(Headers, EndStream | EndHeaders | WithPriority, 1, $"\0\0\0\u0001\u00ff{Get}"), "goaway PROTOCOL_ERROR"),
        new("http2/5.3.1/2 PRIORITY that depends on itself", Frame(Priority, 0, 1, "\0\0\0\u0001\u00ff"), "goaway PROTOCOL_ERROR"),
        new("http2/5.5/1 an extension frame", Frame(0xff, 0, 1, "12345678") + Pinging, Pong),
        new("http2/5.5/2 an extension frame amid a header block",
            Frame(Headers, EndStream, 1, Get) + Frame(0xff, 0, 0, "12345678") + Frame(Continuation, EndHeaders, 1, ""), "goaway PROTOCOL_ERROR"),

        new("http2/6.1/1 DATA on stream 0", Frame(Data, EndStream, 0, "test"), "goaway PROTOCOL_ERROR"),
        new("http2/6.1/3 DATA with more padding than payload", PostBegun + Frame(Data, EndStream | Padded, 1, "\u0006hello"), "goaway PROTOCOL_ERROR"),
        new("http2/6.2/3 HEADERS on stream 0", Head(0, Get, end: true), "goaway PROTOCOL_ERROR"),
        new("http2/6.2/4 HEADERS with more padding than payload", Frame(Headers, EndStream | EndHeaders | Padded, 1, $"\u0020{Get}"), "goaway PROTOCOL_ERROR"),
        new("http2/6.3/1 PRIORITY on stream 0", Frame(Priority, 0, 0, "\0\0\0\u0001\u00ff"), "goaway PROTOCOL_ERROR"),
        new("http2/6.3/2 PRIORITY of 4 bytes", PostBegun + Frame(Priority, 0, 1, "\0\0\0\u0001"), "goaway FRAME_SIZE_ERROR"),
        new("http2/6.4/1 RST_STREAM on stream 0", Frame(Reset, 0, 0, Cancel), "goaway PROTOCOL_ERROR"),
        new("http2/6.4/3 RST_STREAM of 3 bytes", PostBegun + Frame(Reset, 0, 1, "\0\0\0"), "goaway FRAME_SIZE_ERROR"),
        new("http2/6.5/1 SETTINGS with ACK and a payload", Frame(Settings, Ack, 0, Setting(1, 100)), "goaway FRAME_SIZE_ERROR"),
        new("http2/6.5/2 SETTINGS on stream 1", Frame(Settings, 0, 1, Setting(3, 100)), "goaway PROTOCOL_ERROR"),
        new("http2/6.5/3 SETTINGS of 3 bytes", Frame(Settings, 0, 0, "\0\u0003\0"), "goaway FRAME_SIZE_ERROR"),
        new("http2/6.5.2/1 ENABLE_PUSH 2", Frame(Settings, 0, 0, Setting(2, 2)), "goaway PROTOCOL_ERROR"),
        new("http2/6.5.2/2 INITIAL_WINDOW_SIZE 2^31", Frame(Settings, 0, 0, Setting(4, LargestWindow + 1)), "goaway FLOW_CONTROL_ERROR"),
        new("http2/6.5.2/3 MAX_FRAME_SIZE 2^14 - 1", Frame(Settings, 0, 0, Setting(5, 16_383)), "goaway PROTOCOL_ERROR"),
        new("http2/6.5.2/4 MAX_FRAME_SIZE 2^24", Frame(Settings, 0, 0, Setting(5, 16_777_216)), "goaway PROTOCOL_ERROR"),
        new("http2/6.5.2/5 an unknown setting", Frame(Settings, 0, 0, Setting(0xff, 1)) + Pinging, Pong),
        new("http2/6.7/2 PING with ACK is not answered", Frame(Ping, Ack, 0, "87654321") + Pinging, Pong),
        new("http2/6.7/3 PING on stream 1", Frame(Ping, 0, 1, "12345678"), "goaway PROTOCOL_ERROR"),
        new("http2/6.7/4 PING of 6 bytes", Frame(Ping, 0, 0, "123456"), "goaway FRAME_SIZE_ERROR"),
        new("http2/6.8/1 GOAWAY on stream 1", Frame(GoAway, 0, 1, "\0\0\0\0\0\0\0\0"), "goaway PROTOCOL_ERROR"),
        new("http2/6.9/1 WINDOW_UPDATE by 0", Frame(WindowUpdate, 0, 0, Number(0)), "goaway PROTOCOL_ERROR"),
        new("http2/6.9/2 WINDOW_UPDATE by 0 on a stream", PostBegun + Frame(WindowUpdate, 0, 1, Number(0)), "goaway PROTOCOL_ERROR"),
        new("http2/6.9/3 WINDOW_UPDATE of 3 bytes", Frame(WindowUpdate, 0, 0, "\0\0\u0001"), "goaway FRAME_SIZE_ERROR"),
        new("http2/6.9.1/2 a window beyond 2^31 - 1",
            Frame(WindowUpdate, 0, 0, Number(LargestWindow)) + Frame(WindowUpdate, 0, 0, Number(LargestWindow)), "goaway FLOW_CONTROL_ERROR"),
        new("http2/6.9.1/3 a stream's window beyond 2^31 - 1",
            PostBegun + Frame(WindowUpdate, 0, 1, Number(LargestWindow)) + Frame(WindowUpdate, 0, 1, Number(LargestWindow)), "reset FLOW_CONTROL_ERROR"),
        new("http2/6.9.2/3 INITIAL_WINDOW_SIZE that takes a stream's window beyond 2^31 - 1",
            PostBegun + Frame(WindowUpdate, 0, 1, Number(LargestWindow - 65_535)) + Frame(Settings, 0, 0, Setting(4, 65_536)), "goaway FLOW_CONTROL_ERROR"),
        new("http2/6.10/2 CONTINUATION followed by DATA",
            Frame(Headers, 0, 1, Post) + Frame(Continuation, 0, 1, "") + Frame(Data, EndStream, 1, "test"), "goaway PROTOCOL_ERROR"),
        new("http2/6.10/3 CONTINUATION on stream 0", Frame(Headers, EndStream, 1, Get) + Frame(Continuation, EndHeaders, 0, ""), "goaway PROTOCOL_ERROR"),
        new("http2/6.10/4 CONTINUATION after the end of the headers",
            PostBegun + Frame(Continuation, EndHeaders, 1, Literal(("x", "1"))), "goaway PROTOCOL_ERROR"),
        new("http2/6.10/6 CONTINUATION after DATA",
            PostBegun + Frame(Data, 0, 1, "test") + Frame(Continuation, EndHeaders, 1, Literal(("x", "1"))), "goaway PROTOCOL_ERROR"),
        new("http2/7/2 RST_STREAM with an unknown error", PostBegun + Frame(Reset, 0, 1, Number(0xff)) + Pinging, Pong),

        new("http2/8.1/1 a second HEADERS that does not end the stream",
            PostBegun + Frame(Data, 0, 1, "test") + Head(1, Literal(("x", "1"))), "goaway PROTOCOL_ERROR"),
        new("http2/8.1.2/1 a name in capitals", Head(1, Get + Literal(("X-Test", "ok")), end: true), "goaway PROTOCOL_ERROR"),
        new("http2/8.1.2.1/1 an unknown pseudo-header", Head(1, Get + Literal((":test", "ok")), end: true), "goaway PROTOCOL_ERROR"),
        new("http2/8.1.2.1/2 the pseudo-header of answers", Head(1, Get + Literal((":status", "200")), end: true), "goaway PROTOCOL_ERROR"),
        new("http2/8.1.2.1/3 a pseudo-header as a trailer",
            PostBegun + Frame(Data, 0, 1, "test") + Head(1, Literal((":method", "GET")), end: true), "goaway PROTOCOL_ERROR"),
        new("http2/8.1.2.1/4 a pseudo-header after another header",
            Head(1, "\u0082\u0086" + Literal(("x", "1")) + "\u0084", end: true), "goaway PROTOCOL_ERROR"),
        new("http2/8.1.2.2/1 connection", Head(1, Get + Literal(("connection", "keep-alive")), end: true), "goaway PROTOCOL_ERROR"),
        new("http2/8.1.2.2/1 transfer-encoding", Head(1, Post + Literal(("transfer-encoding", "chunked")), end: true), "reset PROTOCOL_ERROR"),
        new("http2/8.1.2.2/1 keep-alive", Head(1, Get + Literal(("keep-alive", "1")), end: true), "reset PROTOCOL_ERROR"),
        new("http2/8.1.2.2/1 proxy-connection", Head(1, Get + Literal(("proxy-connection", "keep-alive")), end: true), "reset PROTOCOL_ERROR"),
        new("http2/8.1.2.2/1 upgrade", Head(1, Get + Literal(("upgrade", "websocket")), end: true), "reset PROTOCOL_ERROR"),
        new("http2/8.1.2.2/2 te other than trailers", Head(1, Get + Literal(("te", "trailers, deflate")), end: true), "goaway PROTOCOL_ERROR"),
        new("http2/8.1.2.3/1 an empty path", Head(1, Path(""), end: true), "reset PROTOCOL_ERROR"),
        new("http2/8.1.2.3/2 no method", Head(1, Get[1..], end: true), "reset PROTOCOL_ERROR"),
        new("http2/8.1.2.3/3 no scheme", Head(1, Get.Remove(1, 1), end: true), "reset PROTOCOL_ERROR"),
        new("http2/8.1.2.3/4 no path", Head(1, Get.Remove(2, 1), end: true), "reset PROTOCOL_ERROR"),
        new("http2/8.1.2.3/5 two methods", Head(1, "\u0082" + Get, end: true), "goaway PROTOCOL_ERROR"),
        new("http2/8.1.2.3/6 two schemes", Head(1, "\u0086" + Get, end: true), "goaway PROTOCOL_ERROR"),
        new("http2/8.1.2.3/7 two paths", Head(1, "\u0084" + Get, end: true), "goaway PROTOCOL_ERROR"),
        new("beyond h2spec: two authorities", Head(1, Literal((":authority", "b")) + Get, end: true), "goaway PROTOCOL_ERROR"),
        new("http2/8.1.2.6/1 a length that is not that of the DATA",
            Head(1, Post + Literal(("content-length", "1"))) + Frame(Data, EndStream, 1, "test"), "reset PROTOCOL_ERROR"),
        new("http2/8.1.2.6/2 a length that is not that of all DATA",
            Head(1, Post + Literal(("content-length", "1"))) + Frame(Data, 0, 1, "te") + Frame(Data, EndStream, 1, "st"), "reset PROTOCOL_ERROR"),
        new("beyond h2spec: a length, and less DATA",
            Head(1, Post + Literal(("content-length", "9"))) + Frame(Data, EndStream, 1, "test"), "reset PROTOCOL_ERROR"),
        new("beyond h2spec: a length, and no DATA", Head(1, Post + Literal(("content-length", "9")), end: true), "reset PROTOCOL_ERROR"),
        new("beyond h2spec: two lengths",
            Head(1, Post + Literal(("content-length", "4")) + Literal(("content-length", "5"))) + Frame(Data, EndStream, 1, "test"), "goaway PROTOCOL_ERROR"),
        new("beyond h2spec: NUL in a value", Head(1, Get + Literal(("x", "a\0b")), end: true), "goaway PROTOCOL_ERROR"),
        new("beyond h2spec: CR and LF in a value", Head(1, Get + Literal(("x", "a\r\nb: c")), end: true), "goaway PROTOCOL_ERROR"),
        new("beyond h2spec: a blank in a name", Head(1, Get + Literal(("x y", "1")), end: true), Answer, ReachesWorker: true, Instead: Dropped),
        new("beyond h2spec: a colon in a name", Head(1, Get + Literal(("x:y", "1")), end: true), Answer, ReachesWorker: true, Instead: Dropped),
        new("beyond h2spec: an empty name", Head(1, Get + Literal(("", "1")), end: true), "goaway COMPRESSION_ERROR", Instead: "PROTOCOL_ERROR; Kestrel takes it for a mistake of HPACK, and the connection ends as well"),
        new("beyond h2spec: a method that is no token",
            Head(1, Literal((":method", "GET /x HTTP/1.1")) + Get[1..], end: true), "reset PROTOCOL_ERROR"),
        new("beyond h2spec: a path with a blank",
            Head(1, Path("/ HTTP/1.1"), end: true), "reset PROTOCOL_ERROR"),
        new("beyond h2spec: a path with CR and LF", Head(1, Path("/ HTTP/1.1\r\nx: y"), end: true), "goaway PROTOCOL_ERROR"),
        new("beyond h2spec: a path with a tab", Head(1, Path("/\tx"), end: true), "reset PROTOCOL_ERROR"),
        new("beyond h2spec: a path with DEL", Head(1, Path("/\u007f"), end: true), "reset PROTOCOL_ERROR"),
        new("beyond h2spec: a path that is not ASCII", Head(1, Path("/\u00e9"), end: true), "reset PROTOCOL_ERROR"),
        new("beyond h2spec: a query with a blank", Head(1, Path("/?a b"), end: true), "reset PROTOCOL_ERROR"),
        new("beyond h2spec: a path in absolute form", Head(1, Path("http://b/"), end: true), "reset PROTOCOL_ERROR"),
        new("beyond h2spec: GET *", Head(1, Path("*"), end: true), "reset PROTOCOL_ERROR"),
        new("beyond h2spec: a path that is none",
            Head(1, Path("x"), end: true), "reset PROTOCOL_ERROR"),
        new("beyond h2spec: a scheme that is none",
            Head(1, "\u0082" + Literal((":scheme", "ht tp")) + "\u0084" + Literal((":authority", "a")), end: true), "reset PROTOCOL_ERROR"),
        new("beyond h2spec: an authority that is none",
            Head(1, "\u0082\u0086\u0084" + Literal((":authority", "a b")), end: true), "reset PROTOCOL_ERROR"),
        new("beyond h2spec: a user in the authority",
            Head(1, "\u0082\u0086\u0084" + Literal((":authority", "user@a")), end: true), "reset PROTOCOL_ERROR"),
        new("beyond h2spec: CONNECT, which is answered 501", Head(1, Literal((":method", "CONNECT")) + Literal((":authority", "a:80")), end: true), Answer),
        new("beyond h2spec: CONNECT with a path", Head(1, Literal((":method", "CONNECT")) + Get[1..], end: true), "reset PROTOCOL_ERROR"),
        new("http2/8.2/1 PUSH_PROMISE", PostBegun + Frame(PushPromise, EndHeaders, 1, $"\0\0\0\u0002{Get}"), "goaway PROTOCOL_ERROR"),

        new("hpack/2.3.3/1 an index that is not there", Head(1, Get + "\u00ff\u0080\u0001", end: true), "goaway COMPRESSION_ERROR"),
        new("hpack/2.3.3/2 a literal with the index of a name that is not there", Head(1, Get + "\u007f\u0080\u0001\u0001x", end: true), "goaway COMPRESSION_ERROR"),
        new("hpack/4.2/1 an update of the table size at the end", Head(1, Get + "\u0020", end: true), "goaway COMPRESSION_ERROR"),
        new("hpack/5.2/1 Huffman padding of more than 7 bits", Head(1, Get + "\0\u0001x\u0082\u0094\u00ff\u00ff", end: true), "goaway COMPRESSION_ERROR"),
        new("hpack/5.2/2 Huffman padding of zeros", Head(1, Get + "\0\u0001x\u0081\u0018", end: true), "goaway COMPRESSION_ERROR"),
        new("hpack/5.2/3 the Huffman code of the end", Head(1, Get + "\0\u0001x\u0084\u00ff\u00ff\u00ff\u00ff", end: true), "goaway COMPRESSION_ERROR"),
        new("hpack/6.1/1 index 0", Head(1, Get + "\u0080", end: true), "goaway INTERNAL_ERROR", Instead: IndexZero),
        new("hpack/6.3/1 a table larger than allowed", Head(1, "\u003f\u00e2\u001f" + Get, end: true), "goaway COMPRESSION_ERROR"),
        new("beyond h2spec: an integer without end", Head(1, Get + "\u00ff" + new string('\u00ff', 20), end: true), "goaway COMPRESSION_ERROR"),
        new("beyond h2spec: a text longer than its block", Head(1, Get + "\0\u0001x\u007f\u00ff\u0001", end: true), "goaway COMPRESSION_ERROR"),
    ];

    private static string Frame(byte type, byte flags, int stream, string payload) => new Http2Frame(type, flags, stream, payload).ToString();

    private static string Head(int stream, string block, bool end = false) =>
        Frame(Headers, (byte)(EndHeaders | (end ? EndStream : 0)), stream, block);

    /// <summary>A block of GET with this path.</summary>
    private static string Path(string path) => "\u0082\u0086" + Literal((":path", path)) + Literal((":authority", "a"));

    /// <summary>Of a SETTINGS frame (6.5.1): two bytes of a name, four of a value.</summary>
    private static string Setting(int name, uint value) => $"{(char)(name >> 8)}{(char)(name & 0xff)}{Number(value)}";
}
