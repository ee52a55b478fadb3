using System.Diagnostics;
using BlueGreen.Faults.Stages;
using BlueGreen.Load;
using BlueGreen.Load.Http;

namespace BlueGreen.Faults.Injection;

/// <summary>Watches for the moment at which a front is there again.</summary>
internal static class Recovery
{
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(2);

    /// <summary>Notes when a killed front was gone, and when a new one was started, accepted a connection, and answered.</summary>
    public static async Task WatchFrontAsync(Fault fault, Stage stage)
    {
        await WatchEndAsync(fault);
        var request = HttpRequest.Get(stage.Address);
        while (fault.Answered is null)
        {
            if (fault.Restarted is null && stage.FrontPid is not null)
                fault.Restarted = Stopwatch.GetTimestamp();
            try
            {
                using var connection = await HttpConnection.ConnectAsync(stage.Address, cancel: TimeLimit.Token);
                fault.Back ??= Stopwatch.GetTimestamp();
                var answer = await connection.ExchangeAsync(request, TimeLimit.Token);
                if (answer.Succeeded)
                    fault.Answered = Stopwatch.GetTimestamp();
            }
            catch (ExchangeFailedException)
            {
                await Task.Delay(BetweenAttempts, TimeLimit.Token);
            }
        }
    }

    /// <summary>Notes when a process is gone.</summary>
    public static async Task WatchEndAsync(Fault fault)
    {
        while (!ProcessTable.IsGone(fault.Pid))
            await Task.Delay(1, TimeLimit.Token);
        fault.Gone = Stopwatch.GetTimestamp();
    }
}
