using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Hosting.Systemd;

/// <summary>Sends to the service manager, by the words of sd_notify(3). What cannot be sent is logged once, not at each try. Thread-safe.</summary>
internal sealed class ServiceNotifier(ISystemdNotifier notifier, ILogger logger)
{
    private int _failing;

    /// <summary>Whether there is a service manager to tell anything: NOTIFY_SOCKET is set.</summary>
    public bool IsEnabled => notifier.IsEnabled;

    /// <summary>Sends assignments, each <c>NAME=value</c>, as one message.</summary>
    /// <returns>Whether it was sent.</returns>
    public bool Send(params ReadOnlySpan<string> assignments)
    {
        try
        {
            notifier.Notify(new ServiceState(string.Join('\n', assignments!)));
            Interlocked.Exchange(ref _failing, 0);
            return true;
        }
        catch (Exception e)
        {
            // Whatever it is, nothing that serves may end for it; the service manager draws its own conclusions from the silence.
            if (Interlocked.Exchange(ref _failing, 1) == 0)
            {
                logger.LogWarning("The service manager cannot be told anything: {Reason}", e.Message);
            }

            return false;
        }
    }
}
