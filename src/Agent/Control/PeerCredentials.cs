using System.Net.Sockets;
using System.Runtime.InteropServices;
using BlueGreen.Agent.Releases;
using BlueGreen.Agent.Workers.Limits;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Agent.Control;

/// <summary>Who is at the other end of a connection to the control socket: what the kernel says, not the client.</summary>
internal static class PeerCredentials
{
    // socket(7) and unix(7): SOL_SOCKET and SO_PEERCRED, the same on x86 and ARM; struct ucred is pid, uid, gid of 32 bits each.
    private const int SocketLevel = 1;
    private const int PeerCredentialsOption = 17;
    private const int CredentialsBytes = 12;
    private const int UidAt = 4;

    /// <summary>The user who sent a request; null where it cannot be told.</summary>
    public static Actor? Of(HttpContext context)
    {
        if (context.Features.Get<IConnectionSocketFeature>()?.Socket is not { AddressFamily: AddressFamily.Unix } socket)
        {
            return null;
        }

        try
        {
            Span<byte> credentials = stackalloc byte[CredentialsBytes];
            return socket.GetRawSocketOption(SocketLevel, PeerCredentialsOption, credentials) == CredentialsBytes
                ? Named(MemoryMarshal.Read<uint>(credentials[UidAt..]))
                : null;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static Actor Named(uint uid) => new(uid, UserDatabase.FindUser(uid)?.Name);
}
