using System.Runtime.InteropServices;

namespace BlueGreen.Agent.Cli;

/// <summary>Ctrl-C, and SIGTERM alike, for a command that ends something else first. Registered while it is not disposed.</summary>
internal sealed class Interruptions : IDisposable
{
    private readonly Action _first;
    private readonly CancellationTokenSource _again = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _count;

    /// <param name="first">What the first one does; it returns at once.</param>
    public Interruptions(Action first)
    {
        _first = first;
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Receive), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Receive)];
    }

    /// <summary>Cancelled by the second one.</summary>
    public CancellationToken Again => _again.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void Receive(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _count) == 1)
        {
            _first();
        }
        else
        {
            _again.Cancel();
        }
    }
}
