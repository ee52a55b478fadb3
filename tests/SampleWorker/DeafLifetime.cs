using System.Runtime.InteropServices;

namespace BlueGreen.SampleWorker;

/// <summary>A host's lifetime that takes SIGTERM and does nothing, so that only SIGKILL ends the worker.</summary>
internal sealed class DeafLifetime : IHostLifetime, IDisposable
{
    private readonly PosixSignalRegistration _registration =
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = true);

    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _registration.Dispose();
}
