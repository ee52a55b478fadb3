using System.Buffers.Binary;

namespace BlueGreen.Benchmarks.Traffic;

/// <summary>Small frames of WebSockets (RFC 6455, 5.2): whole messages of at most 125 bytes.</summary>
internal static class WebSocketFrame
{
    private const byte FinalBinary = 0x82;
    private const byte MaskedBit = 0x80;
    private const int Head = 2;
    private const int Mask = 4;

    /// <summary>A client's message of some bytes.</summary>
    public static byte[] Masked(int bytes)
    {
        var frame = new byte[Head + Mask + bytes];
        frame[0] = FinalBinary;
        frame[1] = (byte)(MaskedBit | bytes);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(Head), 0x0102_0304);
        return frame;
    }

    /// <summary>How long a server's message of some bytes is.</summary>
    public static int LengthOfUnmasked(int bytes) => Head + bytes;

    /// <summary>Makes the first whole message of a client its echo, in place.</summary>
    /// <param name="received">What was received; the echo begins at its fifth byte, where the mask ends.</param>
    /// <param name="used">How long the message was.</param>
    /// <param name="echo">The echo; empty while the message is not whole.</param>
    public static void Echo(Memory<byte> received, out int used, out Memory<byte> echo)
    {
        (used, echo) = (0, default);
        if (received.Length < Head)
            return;
        var span = received.Span;
        var length = span[1] & ~MaskedBit;
        if (received.Length < Head + Mask + length)
            return;
        used = Head + Mask + length;
        var payload = span.Slice(Head + Mask, length);
        for (var index = 0; index < payload.Length; index++)
            payload[index] ^= span[Head + (index % Mask)];
        span[Mask] = span[0];
        span[Mask + 1] = (byte)length;
        echo = received.Slice(Mask, Head + length);
    }
}
