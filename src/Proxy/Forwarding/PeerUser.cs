using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace BlueGreen.Proxy.Forwarding;

/// <summary>Who is behind a connection over a Unix socket.</summary>
internal static class PeerUser
{
    // socket(7) and unix(7): SOL_SOCKET and SO_PEERCRED, the same on x86 and ARM; struct ucred is pid, uid, gid of 32 bits each.
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;
    private const int CredentialsBytes = 12;
    private const int UidAt = 4;

    /// <summary>The user who listened, as the kernel says; null where it does not.</summary>
    public static uint? Of(Socket socket)
    {
        Span<byte> credentials = stackalloc byte[CredentialsBytes];
        return socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials) == CredentialsBytes
            ? MemoryMarshal.Read<uint>(credentials[UidAt..])
            : null;
    }
}
