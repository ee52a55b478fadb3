using BlueGreen.Benchmarks.Running;

namespace BlueGreen.Benchmarks.Subjects;

/// <summary>Another reverse proxy, run from a configuration of this project.</summary>
/// <param name="Name">Its name in the tables.</param>
/// <param name="Program">Its program.</param>
/// <param name="Configuration">The file it is configured with.</param>
/// <param name="Arguments">What it is started with to stay in the foreground; the file's path is added last.</param>
/// <param name="SocketPrefix">What its configuration has before the path of a Unix socket.</param>
/// <param name="HasHttp2Port">Whether cleartext HTTP/2 needs a port of its own.</param>
internal sealed record Peer(
    string Name, string Program, string Configuration, IReadOnlyList<string> Arguments, string SocketPrefix, bool HasHttp2Port)
{
    public static readonly Peer Nginx = new("nginx", "nginx", "nginx.conf", ["-e", "stderr", "-c"], "unix:", HasHttp2Port: true);
    public static readonly Peer Haproxy = new("HAProxy", "haproxy", "haproxy.cfg", ["-db", "-q", "-f"], "unix@", HasHttp2Port: true);
    public static readonly Peer Caddy =
        new("Caddy", "caddy", "Caddyfile", ["run", "--adapter", "caddyfile", "--config"], "unix/", HasHttp2Port: false);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Peer> All { get; } = [Nginx, Haproxy, Caddy];

    /// <summary>The text of its configuration.</summary>
    public string Configure(Topology topology, IReadOnlyDictionary<string, string> values) =>
        Template.Fill(Configuration, values, topology.Others);
}
