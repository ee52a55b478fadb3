using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting.Systemd;

namespace BlueGreen.Agent.Tests.Hosting.Systemd;

/// <summary>A service manager that keeps what it is told, or cannot be reached.</summary>
internal sealed class FakeNotifier : ISystemdNotifier
{
    private readonly ConcurrentQueue<string> _messages = new();

    public bool IsEnabled => true;

    public bool IsUnreachable { get; set; }

    public IReadOnlyList<string> Messages => [.. _messages];

    /// <summary>The messages since the last time this was asked.</summary>
    public IReadOnlyList<string> Take()
    {
        var taken = Messages;
        _messages.Clear();
        return taken;
    }

    public void Notify(ServiceState state)
    {
        if (IsUnreachable)
        {
            throw new IOException("no such socket");
        }

        _messages.Enqueue(state.ToString());
    }
}
