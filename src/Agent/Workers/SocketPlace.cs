using System.Net.Sockets;

namespace BlueGreen.Agent.Workers;

/// <summary>Whether a worker could listen on a Unix socket at all.</summary>
internal static class SocketPlace
{
    /// <summary>
    /// Tries it: the path may be too long (unix(7)), the disk full or read-only, the file system one that has no sockets. What is at the path
    /// is removed, as it is before a worker starts.
    /// </summary>
    public static bool CanHold(string path)
    {
        try
        {
            File.Delete(path);
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Bind(new UnixDomainSocketEndPoint(path));
            File.Delete(path);
            return true;
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            return false;
        }
    }
}
