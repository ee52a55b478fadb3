using Microsoft.Extensions.Hosting;

namespace BlueGreen.Proxy;

/// <summary>
/// The host's default would take over SIGTERM, SIGINT and SIGQUIT and greet on the console; both are for the process around
/// the data plane to do.
/// </summary>
internal sealed class SilentLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
