using System.Net;

namespace BlueGreen.Proxy.Peers;

/// <summary>
/// What the first bytes of a connection are as a header of the PROXY protocol, version 1 or 2 (HAProxy, proxy-protocol.txt): a proxy that
/// passes on bytes, not requests, tells with it whom the connection is for.
/// </summary>
internal abstract record ProxyHeader
{
    /// <summary>From as many bytes every header can be read, the longest line of version 1 included (2.1).</summary>
    public const int Enough = 107;

    private ProxyHeader()
    {
    }

    /// <summary>Reads what has come; not more than <see cref="Enough"/> bytes of it matter.</summary>
    public static ProxyHeader Read(ReadOnlySpan<byte> seen) =>
        ProxyHeaderBytes.Begins(seen) ? ProxyHeaderBytes.Read(seen)
        : ProxyHeaderLine.Begins(seen) ? ProxyHeaderLine.Read(seen)
        : new Malformed("it begins otherwise");

    /// <summary>More has to come before anything can be said.</summary>
    public sealed record Unfinished : ProxyHeader;

    /// <summary>It is none, or none that may be sent.</summary>
    /// <param name="Problem">Why, for the log; it follows "the header: ".</param>
    public sealed record Malformed(string Problem) : ProxyHeader;

    /// <summary>It has been understood.</summary>
    /// <param name="Length">How many bytes are the header's. They need not all have come: what is not looked at may be on its way.</param>
    /// <param name="Client">Whom the connection is for; null: the proxy itself, or somebody whose address is none of TCP.</param>
    public sealed record Complete(int Length, IPEndPoint? Client) : ProxyHeader;
}
