using System.Buffers.Binary;
using System.Text;

namespace BlueGreen.Proxy.Tests;

/// <summary>A frame of HTTP/2 as it is on the wire (RFC 9113, 4.1); the payload is Latin-1, so that every byte is a character.</summary>
internal sealed record Http2Frame(byte Type, byte Flags, int Stream, string Payload = "")
{
    public const string Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte Priority = 2;
    public const byte Reset = 3;
    public const byte Settings = 4;
    public const byte PushPromise = 5;
    public const byte Ping = 6;
    public const byte GoAway = 7;
    public const byte WindowUpdate = 8;
    public const byte Continuation = 9;

    public const byte EndStream = 1;
    public const byte Ack = 1;
    public const byte EndHeaders = 4;
    public const byte Padded = 8;
    public const byte WithPriority = 0x20;

    public bool EndsStream => Type is Data or Headers && (Flags & EndStream) != 0;

    /// <summary>The error of a RST_STREAM frame.</summary>
    public uint ResetCode => NumberAt(0);

    /// <summary>The error of a GOAWAY frame.</summary>
    public uint GoAwayCode => NumberAt(4);

    public override string ToString()
    {
        var head = new byte[9];
        BinaryPrimitives.WriteUInt32BigEndian(head, (uint)Payload.Length << 8);
        head[3] = Type;
        head[4] = Flags;
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(5), Stream);
        return Encoding.Latin1.GetString(head) + Payload;
    }

    public static Http2Frame ResetOf(int stream, uint code) => new(Reset, 0, stream, Number(code));

    /// <summary>All streams up to the last one were begun; those beyond were not.</summary>
    public static Http2Frame GoAwayAfter(int lastStream, uint code = 0) => new(GoAway, 0, 0, Number((uint)lastStream) + Number(code));

    public static Http2Frame HeadersOf(int stream, bool endStream, params (string Name, string Value)[] fields) =>
        new(Headers, (byte)(EndHeaders | (endStream ? EndStream : 0)), stream, string.Concat(fields.Select(Literal)));

    /// <summary>The next frame.</summary>
    public static async Task<Http2Frame> ReadAsync(RawConnection connection)
    {
        var head = Encoding.Latin1.GetBytes(await connection.ReadAsync(9));
        var length = (int)(BinaryPrimitives.ReadUInt32BigEndian(head) >> 8);
        return new Http2Frame(head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), await connection.ReadAsync(length));
    }

    /// <summary>The next frame of one of these types; others are passed over.</summary>
    public static async Task<Http2Frame> ReadAsync(RawConnection connection, params byte[] types)
    {
        while (true)
        {
            var frame = await ReadAsync(connection);
            if (types.Contains(frame.Type))
            {
                return frame;
            }
        }
    }

    /// <summary>Four bytes of a payload.</summary>
    public static string Number(uint number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return Encoding.Latin1.GetString(bytes);
    }

    private uint NumberAt(int offset) => BinaryPrimitives.ReadUInt32BigEndian(Encoding.Latin1.GetBytes(Payload).AsSpan(offset));

    /// <summary>A field that is neither compressed nor kept (RFC 7541, 6.2.2); name and value below 127 bytes.</summary>
    public static string Literal((string Name, string Value) field) =>
        $"\0{(char)field.Name.Length}{field.Name}{(char)field.Value.Length}{field.Value}";
}
