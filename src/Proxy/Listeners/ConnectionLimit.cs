using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Proxy.Listeners;

/// <summary>Counts the connections of all ports together, as Kestrel's own limit does not, and closes those beyond a number.</summary>
internal sealed class ConnectionLimit(int most, ILogger logger)
{
    private int _open;
    private bool _told;

    /// <summary>The connection middleware.</summary>
    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        try
        {
            if (Interlocked.Increment(ref _open) <= most)
            {
                await next(connection);
            }
            else
            {
                Tell();
                connection.Abort(new ConnectionAbortedException("There are too many connections."));
            }
        }
        finally
        {
            if (Interlocked.Decrement(ref _open) <= most / 2)
            {
                Volatile.Write(ref _told, false);
            }
        }
    }

    /// <summary>Once until the crowd has gone: a line for each connection would add to the trouble.</summary>
    private void Tell()
    {
        if (!Interlocked.Exchange(ref _told, true))
        {
            logger.LogWarning("All {Most} connections that clients may have are in use; more are closed until some have gone", most);
        }
    }
}
