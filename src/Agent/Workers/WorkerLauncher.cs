using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using BlueGreen.Agent.Workers.Limits;

namespace BlueGreen.Agent.Workers;

/// <summary>Gives each worker an address and the environment that tells it of it, and starts it.</summary>
internal sealed class WorkerLauncher(PortAllocator ports, TimeProvider time)
{
    /// <summary>sockaddr_un holds 108 bytes, the last of them zero (unix(7)).</summary>
    public const int MaxSocketPathBytes = 107;

    /// <summary>Starts a worker. It is not healthy yet.</summary>
    /// <exception cref="IOException">The path of its socket is too long; nothing was started.</exception>
    public Worker Launch(WorkerSpec spec) => spec.Bind == BindKind.Tcp ? LaunchOnPort(spec) : LaunchOnSocket(spec);

    /// <summary>Takes over a worker that another front started. Its address is not handed out while it lives. It is not healthy yet.</summary>
    /// <param name="spec">What it runs.</param>
    /// <param name="process">The process, adopted.</param>
    /// <param name="endPoint">Where that front told it to listen.</param>
    public Worker Adopt(WorkerSpec spec, WorkerProcess process, EndPoint endPoint)
    {
        if (endPoint is IPEndPoint tcp)
        {
            ports.Reserve(tcp.Port);
        }

        return WorkerAt(endPoint, spec, process);
    }

    private Worker LaunchOnPort(WorkerSpec spec)
    {
        var port = ports.Take();
        var text = port.ToString(CultureInfo.InvariantCulture);
        try
        {
            var process = Start(spec, new Dictionary<string, string>
            {
                [WorkerVariables.Port] = text,
                ["HOST"] = "127.0.0.1",
                ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{text}",
            });
            return WorkerAt(new IPEndPoint(IPAddress.Loopback, port), spec, process);
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
            [WorkerVariables.Socket] = spec.SocketPath,
            [WorkerVariables.Port] = spec.SocketPath,
            ["HOST"] = "127.0.0.1",
            ["ASPNETCORE_URLS"] = $"http://unix:{spec.SocketPath}",
        });
        return WorkerAt(new UnixDomainSocketEndPoint(spec.SocketPath), spec, process);
    }

    private Worker WorkerAt(EndPoint endPoint, WorkerSpec spec, WorkerProcess process) => new(spec, process, endPoint, onGone: () =>
    {
        switch (endPoint)
        {
            case IPEndPoint tcp:
                ports.Return(tcp.Port);
                break;
            case UnixDomainSocketEndPoint unix:
                RemoveSocket(unix.ToString()!);
                break;
        }
    });

    private static void RemoveSocket(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Its folder is gone or read-only. That the worker has ended is told all the same.
        }
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
        var own = Confinement.Complete(spec.Confinement, spec.Environment);
        foreach (var (name, value) in address)
        {
            own[name] = value;
        }

        var environment = ProcessEnvironment.With(own);
        return WorkerProcess.Start(
            spec.Arguments(environment.Whole), spec.Directory, environment.Changes, spec.Log, time, confinement: spec.Confinement);
    }
}
