using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using BlueGreen.Agent.Deployments.Roles;
using BlueGreen.Agent.Workers;
using BlueGreen.Proxy.Upstreams;

namespace BlueGreen.Agent.Deployments;

/// <summary>
/// A worker and the backends requests reach it through: a new one each time it comes into rotation. They change under the lock of its
/// app's <see cref="Rotation"/>, and when a drain ends.
/// </summary>
/// <param name="process">The process.</param>
/// <param name="restarts">How often its place had a worker before that died.</param>
internal sealed class LiveWorker(Worker process, int restarts = 0)
{
    private readonly Lock _gate = new();
    private Backend? _backend;
    private ImmutableArray<Backend> _leaving = [];
    private ImmutableArray<Backend> _undrained = [];

    /// <summary>The process.</summary>
    public Worker Process { get; } = process;

    /// <summary>How often its place had a worker before that died.</summary>
    public int Restarts { get; } = restarts;

    /// <summary>The backend of its present time in rotation; null out of it.</summary>
    public Backend? Backend
    {
        get
        {
            lock (_gate)
            {
                return _backend;
            }
        }
    }

    /// <summary>What it carries at this moment, from earlier times in rotation too.</summary>
    public InFlight InFlight
    {
        get
        {
            lock (_gate)
            {
                return _leaving.Aggregate(_backend?.InFlight ?? default, static (sum, backend) => sum + backend.InFlight);
            }
        }
    }

    /// <summary>Another worker has taken its place: it gets no more requests, however well it is.</summary>
    public bool IsReplaced { get; set; }

    /// <summary>The role it was told last, and has acknowledged or is asked to; null: none.</summary>
    public RoleMessage? Told { get; set; }

    /// <summary>Completes when all it was given in earlier times in rotation has ended or was cut.</summary>
    public Task Drained { get; private set; } = Task.CompletedTask;

    /// <summary>A time in rotation is over and drains.</summary>
    public void FollowDrain(Task end)
    {
        lock (_gate)
        {
            Drained = Task.WhenAll(Drained, end);
        }
    }

    /// <summary>Its backend for the rotation, a new one where it was out of it.</summary>
    public Backend EnterRotation(TimeProvider time)
    {
        lock (_gate)
        {
            return _backend ??= new Backend(Process.Id, AddressOf(Process.EndPoint, Process.User), time);
        }
    }

    /// <summary>It has been switched away from.</summary>
    public void LeaveRotation()
    {
        lock (_gate)
        {
            if (_backend is { } left)
            {
                _leaving = _leaving.Add(left);
                _undrained = _undrained.Add(left);
                _backend = null;
            }
        }
    }

    /// <summary>The backends it has left with that nobody drains yet; the caller does.</summary>
    public ImmutableArray<Backend> TakeUndrained()
    {
        lock (_gate)
        {
            var taken = _undrained;
            _undrained = [];
            return taken;
        }
    }

    /// <summary>A backend it has left with carries nothing any more.</summary>
    public void Forget(Backend drained)
    {
        lock (_gate)
        {
            _leaving = _leaving.Remove(drained);
        }

        drained.Dispose();
    }

    /// <summary>A worker's end point as requests are sent to it.</summary>
    /// <param name="endPoint">Where it listens.</param>
    /// <param name="user">Who listens there; null: does not matter.</param>
    public static BackendAddress AddressOf(EndPoint endPoint, uint? user = null) => endPoint switch
    {
        IPEndPoint tcp => BackendAddress.ForTcp(tcp),
        UnixDomainSocketEndPoint unix => BackendAddress.ForUnix(unix.ToString()!, user),
        _ => throw new ArgumentException($"A worker cannot listen on {endPoint}.", nameof(endPoint)),
    };
}
