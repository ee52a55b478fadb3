using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BlueGreen.Agent.Workers;

/// <summary>Gives each worker an address and the environment that tells it of it, and starts it.</summary>
internal sealed class WorkerLauncher(PortAllocator ports, TimeProvider time)
{
    /// <summary>sockaddr_un holds 108 bytes, the last of them zero (unix(7)).</summary>
    public const int MaxSocketPathBytes = 107;

    /// <summary>Variables meant for the front that would mislead a worker.</summary>
    private static readonly string[] FrontsOwn =
        ["SOCKET", "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"];

    /// <summary>Starts a worker. It is not healthy yet.</summary>
    /// <exception cref="IOException">The path of its socket is too long; nothing was started.</exception>
    public Worker Launch(WorkerSpec spec) => spec.Bind == BindKind.Tcp ? LaunchOnPort(spec) : LaunchOnSocket(spec);

    private Worker LaunchOnPort(WorkerSpec spec)
    {
        var port = ports.Take();
        var text = port.ToString(CultureInfo.InvariantCulture);
        try
        {
            var process = Start(spec, new Dictionary<string, string>
            {
                ["PORT"] = text,
                ["HOST"] = "127.0.0.1",
                ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{text}",
            });
            return new Worker(spec, process, new IPEndPoint(IPAddress.Loopback, port), onGone: () => ports.Return(port));
        }
        catch
        {
            ports.Return(port);
            throw;
        }
    }

    private Worker LaunchOnSocket(WorkerSpec spec)
    {
        CheckLength(spec);
        File.Delete(spec.SocketPath);
        var process = Start(spec, new Dictionary<string, string>
        {
            ["SOCKET"] = spec.SocketPath,
            ["PORT"] = spec.SocketPath,
            ["HOST"] = "127.0.0.1",
            ["ASPNETCORE_URLS"] = $"http://unix:{spec.SocketPath}",
        });
        return new Worker(spec, process, new UnixDomainSocketEndPoint(spec.SocketPath), onGone: () => File.Delete(spec.SocketPath));
    }

    private static void CheckLength(WorkerSpec spec)
    {
        var bytes = Encoding.UTF8.GetByteCount(spec.SocketPath);
        if (bytes > MaxSocketPathBytes)
        {
            throw new IOException(
                $"the path of the socket of worker {spec.Id} is {bytes} bytes long, {MaxSocketPathBytes} are possible: {spec.SocketPath}; "
                + "choose a shorter --state, a shorter name for the app, or bind: tcp");
        }
    }

    private WorkerProcess Start(WorkerSpec spec, Dictionary<string, string> address)
    {
        // The address goes last: nothing a user configures may point the worker elsewhere than where it is asked.
        var own = new Dictionary<string, string>(spec.Environment);
        foreach (var (name, value) in address)
        {
            own[name] = value;
        }

        var environment = FrontsOwn.ToDictionary(name => name, _ => (string?)null);
        foreach (var (name, value) in own)
        {
            environment[name] = value;
        }

        return WorkerProcess.Start(spec.Arguments(WithInherited(own)), spec.Directory, environment, spec.Log, time);
    }

    private static Dictionary<string, string> WithInherited(Dictionary<string, string> own)
    {
        var all = new Dictionary<string, string>(own);
        foreach (System.Collections.DictionaryEntry inherited in Environment.GetEnvironmentVariables())
        {
            if (!FrontsOwn.Contains((string)inherited.Key))
            {
                all.TryAdd((string)inherited.Key, (string?)inherited.Value ?? "");
            }
        }

        return all;
    }
}
