using System.Globalization;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting.Compact;

namespace BlueGreen.Agent.Hosting;

/// <summary>Sets up the front's own log.</summary>
internal static class FrontLog
{
    /// <summary>Makes the loggers. Disposing the factory writes what is left.</summary>
    public static ILoggerFactory Create(LogFormat format)
    {
        var log = new LoggerConfiguration()
            .MinimumLevel.Information()
            // Both say something at every request and every start; only their warnings matter here.
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("Yarp", LogEventLevel.Error);
        log = format == LogFormat.Json
            ? log.WriteTo.Console(new CompactJsonFormatter())
            : log.WriteTo.Console(
                outputTemplate: "{Timestamp:yyyy-MM-dd HH:mm:ss.fff} {Level:u3} {Message:lj}{NewLine}{Exception}", formatProvider: CultureInfo.InvariantCulture);
        return new SerilogLoggerFactory(log.CreateLogger(), dispose: true);
    }
}
