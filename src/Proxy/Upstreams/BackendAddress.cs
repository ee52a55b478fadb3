using System.Net;

namespace BlueGreen.Proxy.Upstreams;

/// <summary>Where a backend listens: a TCP end point or the path of a Unix domain socket.</summary>
public sealed record BackendAddress
{
    private BackendAddress(IPEndPoint? tcp, string? unixPath, uint? user)
    {
        Tcp = tcp;
        UnixPath = unixPath;
        User = user;
        UrlPrefix = tcp is null ? "http://localhost" : $"http://{tcp}";
    }

    /// <summary>The TCP end point, or null for a Unix socket.</summary>
    public IPEndPoint? Tcp { get; }

    /// <summary>The absolute path of the Unix socket, or null for TCP.</summary>
    public string? UnixPath { get; }

    /// <summary>A backend behind TCP.</summary>
    public static BackendAddress ForTcp(IPEndPoint endPoint) => new(endPoint, null, null);

    /// <summary>
    /// Who has to listen on the Unix socket; null: it does not matter. Whoever may make the socket may as well put a link to another one in its
    /// place, and a front that is root would get through to that.
    /// </summary>
    public uint? User { get; }

    /// <summary>A backend behind a Unix domain socket.</summary>
    /// <param name="path">The absolute path.</param>
    /// <param name="user">Who has to listen there.</param>
    public static BackendAddress ForUnix(string path, uint? user = null) => new(null, path, user);

    /// <summary>The URL requests are built from; a Unix socket stands behind a name that is never looked up.</summary>
    public string UrlPrefix { get; }

    /// <summary><c>http://127.0.0.1:41234</c> or <c>http://unix:/path</c>, as in <c>ASPNETCORE_URLS</c>.</summary>
    public override string ToString() => Tcp is null ? $"http://unix:{UnixPath}" : UrlPrefix;
}
