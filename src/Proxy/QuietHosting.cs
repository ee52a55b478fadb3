using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlueGreen.Proxy;

/// <summary>
/// The logging of the data plane, without the host's own lines about each request. Where anybody listens to these, if only for errors
/// that never come, the host begins an activity and a scope for every request: a tenth of the front's own work.
/// </summary>
internal sealed class QuietHosting(ILoggerFactory inner) : ILoggerFactory
{
    private const string Requests = "Microsoft.AspNetCore.Hosting.Diagnostics";

    public ILogger CreateLogger(string categoryName) =>
        categoryName == Requests ? NullLogger.Instance : inner.CreateLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    /// <summary>Nothing: what is inside belongs to another.</summary>
    public void Dispose()
    {
    }
}
