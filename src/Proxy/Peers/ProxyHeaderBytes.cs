using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace BlueGreen.Proxy.Peers;

/// <summary>
/// Version 2 of the PROXY protocol, in bytes (2.2): a signature, version and command, family and transport, a length, then addresses and
/// what else the proxy tells (TLVs), which is passed over.
/// </summary>
internal static class ProxyHeaderBytes
{
    private const int FixedLength = 16;

    /// <summary>
    /// Bytes after the fixed ones. Addresses take 36 at most, what else is told some hundred, a client's certificate some thousand; this is as much
    /// as HAProxy itself has room for.
    /// </summary>
    private const int LongestRest = 16 * 1024;

    private const int Version = 2;
    private const int Local = 0;
    private const int Proxied = 1;
    private const int Inet = 1;
    private const int Inet6 = 2;
    private const int Unix = 3;
    private const int Stream = 1;
    private const int Datagram = 2;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>Whether these bytes, as far as they have come, are its beginning.</summary>
    public static bool Begins(ReadOnlySpan<byte> seen) =>
        seen.Length < Signature.Length ? Signature.StartsWith(seen) : seen.StartsWith(Signature);

    public static ProxyHeader Read(ReadOnlySpan<byte> seen)
    {
        if (seen.Length < FixedLength)
        {
            return new ProxyHeader.Unfinished();
        }

        var (version, command) = (seen[12] >> 4, seen[12] & 0xf);
        var (family, transport) = (seen[13] >> 4, seen[13] & 0xf);
        var rest = BinaryPrimitives.ReadUInt16BigEndian(seen[14..]);
        if (version != Version || command is not (Local or Proxied) || rest > LongestRest)
        {
            return new ProxyHeader.Malformed(string.Create(CultureInfo.InvariantCulture,
                $"its version is {version}, its command {command}, its length {rest}; possible are 2, 0 or 1, at most {LongestRest}"));
        }

        // The proxy's own connection, a health check say: all else is to be ignored.
        if (command == Local)
        {
            return new ProxyHeader.Complete(FixedLength + rest, null);
        }

        if (family > Unix || transport > Datagram)
        {
            return new ProxyHeader.Malformed(string.Create(CultureInfo.InvariantCulture, $"its family is {family}, its transport {transport}"));
        }

        if (family is not (Inet or Inet6) || transport != Stream)
        {
            return new ProxyHeader.Complete(FixedLength + rest, null);
        }

        // Source, destination, two ports.
        var address = family == Inet ? 4 : 16;
        var addresses = 2 * (address + sizeof(ushort));
        return rest < addresses ? new ProxyHeader.Malformed("it is too short for its addresses")
            : seen.Length < FixedLength + addresses ? new ProxyHeader.Unfinished()
            : new ProxyHeader.Complete(FixedLength + rest, new IPEndPoint(
                new IPAddress(seen.Slice(FixedLength, address)), BinaryPrimitives.ReadUInt16BigEndian(seen[(FixedLength + 2 * address)..])));
    }
}
