using System.Globalization;

namespace BlueGreen.EndToEnd.Tests.Harness;

/// <summary>The kernel's list of TCP connections over IPv4, /proc/net/tcp (proc(5)).</summary>
public static class TcpTable
{
    /// <summary>Whether a connection to a local port exists or has ended within the last minute, whoever its ends were.</summary>
    public static bool HasConnection(int port)
    {
        var local = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
        // The number of the line, the local address, the remote one, the state in hexadecimal: 0A is a port that listens.
        return File.ReadLines("/proc/net/tcp").Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Any(fields => fields[1].EndsWith(local, StringComparison.Ordinal) && fields[3] != "0A");
    }
}
