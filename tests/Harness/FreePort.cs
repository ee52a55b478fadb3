using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace BlueGreen.Harness;

/// <summary>Finds ports nobody uses.</summary>
public static class FreePort
{
    private static readonly ConcurrentDictionary<int, bool> Given = new();

    /// <summary>
    /// A free port of 127.0.0.1 that the kernel gives to no client meanwhile: outside of ip_local_port_range (ip(7)), so that a front
    /// that is gone for a moment finds it free again. This process is given none twice.
    /// </summary>
    public static int Find()
    {
        while (true)
        {
            var port = Random.Shared.Next(10_000, 30_000);
            if (!Given.TryAdd(port, true))
            {
                continue;
            }
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // In use: another one.
            }
        }
    }
}
