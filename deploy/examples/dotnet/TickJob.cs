using System.Globalization;

namespace LeaderExample;

/// <summary>The job of this example: it prints a line five times a second. Put yours here.</summary>
public sealed class TickJob : LeaderService
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);

    /// <inheritdoc/>
    protected override async Task LeadAsync(long generation, CancellationToken lost)
    {
        Print("begin", generation);
        try
        {
            while (true)
            {
                await Task.Delay(Every, lost);
                Print("tick", generation);
            }
        }
        finally
        {
            Print("end", generation);
        }
    }

    private static void Print(string what, long generation) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {what} pid {Environment.ProcessId} generation {generation}"));
}
