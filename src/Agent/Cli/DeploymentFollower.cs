using BlueGreen.Agent.Control.Contracts;

namespace BlueGreen.Agent.Cli;

/// <summary>Follows a deployment to its end and turns that into an exit code.</summary>
internal static class DeploymentFollower
{
    /// <summary>Milliseconds between two lines that tell how far a download is.</summary>
    private const long PauseOfDownloads = 10_000;

    /// <summary>Prints the events as they come.</summary>
    /// <param name="events">The deployment.</param>
    /// <param name="json">Print each as JSON.</param>
    /// <param name="detach">Return after the first.</param>
    /// <param name="interrupted">Ctrl-C: the deployment goes on without this command.</param>
    public static async Task<int> FollowAsync(
        IAsyncEnumerable<DeploymentEvent> events, bool json, bool detach, CancellationToken interrupted)
    {
        DeploymentEvent? last = null;
        try
        {
            await foreach (var told in Shown(events, json).WithCancellation(interrupted))
            {
                last = told;
                if (detach)
                {
                    return told.Event == "failed" ? ExitCodes.Failed : ExitCodes.Done;
                }
            }
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            CommandOutput.Error(last is null
                ? "interrupted before the front had answered; 'bluegreen status' shows whether a deployment has begun"
                : "interrupted; the deployment goes on in the front, 'bluegreen status' shows it");
            return ExitCodes.Interrupted;
        }

        return last?.Event switch
        {
            "completed" => ExitCodes.Done,
            "rolledback" => ExitCodes.RolledBack,
            _ => ExitCodes.Failed,
        };
    }

    private static IAsyncEnumerable<DeploymentEvent> Shown(IAsyncEnumerable<DeploymentEvent> events, bool json) =>
        json ? Printed(events, CommandOutput.Json)
        : CommandOutput.IsTerminal ? TerminalProgress.Show(events)
        : Printed(Rarely(events), told =>
        {
            foreach (var line in DeploymentText.Of(told))
            {
                CommandOutput.Line(line);
            }
        });

    /// <summary>Of a download only what a log has room for.</summary>
    private static async IAsyncEnumerable<DeploymentEvent> Rarely(IAsyncEnumerable<DeploymentEvent> events)
    {
        long next = 0;
        await foreach (var told in events)
        {
            if (told.Bytes is null || told.Bytes == told.Total || told.ElapsedMs >= next)
            {
                yield return told;
                next = told.ElapsedMs + PauseOfDownloads;
            }
        }
    }

    private static async IAsyncEnumerable<DeploymentEvent> Printed(IAsyncEnumerable<DeploymentEvent> events, Action<DeploymentEvent> print)
    {
        await foreach (var told in events)
        {
            print(told);
            yield return told;
        }
    }
}
