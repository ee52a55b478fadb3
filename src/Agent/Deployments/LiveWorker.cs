using System.Net;
using System.Net.Sockets;
using BlueGreen.Agent.Workers;
using BlueGreen.Proxy.Upstreams;

namespace BlueGreen.Agent.Deployments;

/// <summary>A worker and the backend requests reach it through; it has a new backend each time it comes into rotation.</summary>
internal sealed class LiveWorker(Worker process)
{
    private volatile Backend? _backend;

    /// <summary>The process.</summary>
    public Worker Process { get; } = process;

    /// <summary>The backend of its present or last time in rotation; null before the first.</summary>
    public Backend? Backend => _backend;

    /// <summary>What it carries at this moment.</summary>
    public InFlight InFlight => _backend?.InFlight ?? default;

    /// <summary>A new backend on the worker's address, for its next time in rotation.</summary>
    public Backend NewBackend(TimeProvider time) => _backend = new Backend(Process.Id, AddressOf(Process.EndPoint), time);

    /// <summary>A worker's end point as requests are sent to it.</summary>
    public static BackendAddress AddressOf(EndPoint endPoint) => endPoint switch
    {
        IPEndPoint tcp => BackendAddress.ForTcp(tcp),
        UnixDomainSocketEndPoint unix => BackendAddress.ForUnix(unix.ToString()!),
        _ => throw new ArgumentException($"A worker cannot listen on {endPoint}.", nameof(endPoint)),
    };
}
