using System.Net.Sockets;
using System.Runtime.InteropServices;
using BlueGreen.Agent.Releases;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Agent.Control;

/// <summary>Who is at the other end of a connection to the control socket: what the kernel says, not the client.</summary>
internal static partial class PeerCredentials
{
    // socket(7) and unix(7): SOL_SOCKET and SO_PEERCRED, the same on x86 and ARM; struct ucred is pid, uid, gid of 32 bits each.
    private const int SocketLevel = 1;
    private const int PeerCredentialsOption = 17;
    private const int CredentialsBytes = 12;
    private const int UidAt = 4;

    /// <summary>More than any entry of a user has; sysconf(3), _SC_GETPW_R_SIZE_MAX says 1024.</summary>
    private const int EntryBytes = 64 * 1024;

    /// <summary>More than struct passwd has on any architecture.</summary>
    private const int PasswdBytes = 256;

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

    private static Actor Named(uint uid) => new(uid, NameOf(uid));

    /// <summary>The name of a user; null for a number that is nobody's. Asks as every program does, so other sources than /etc/passwd count too.</summary>
    private static unsafe string? NameOf(uint uid)
    {
        Span<byte> passwd = stackalloc byte[PasswdBytes];
        var texts = new byte[EntryBytes];
        fixed (byte* entry = passwd, buffer = texts)
        {
            // The first member of struct passwd is char *pw_name, on every C library.
            return getpwuid_r(uid, entry, buffer, EntryBytes, out var found) == 0 && found != 0
                ? Marshal.PtrToStringUTF8(*(nint*)entry)
                : null;
        }
    }

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int getpwuid_r(uint uid, byte* passwd, byte* buffer, nint size, out nint found);
}
