using BlueGreen.Agent.State;
using BlueGreen.Agent.Workers;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments.Processes;

/// <summary>Takes over the processes that an earlier front has left: none is started before those that live are known.</summary>
/// <param name="processes">Those of all apps.</param>
/// <param name="state">The state folder.</param>
internal sealed class ProcessRecovery(BackgroundProcesses processes, string state)
{
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(5);

    /// <summary>Takes over those of an app, wherever they belong; what follows says which of them stay.</summary>
    /// <param name="app">The app.</param>
    /// <param name="running">The processes that call themselves its.</param>
    /// <param name="known">What the earlier front has written down of the app.</param>
    public void Adopt(App app, IReadOnlyList<RunningProcess> running, AppState known)
    {
        var found = running.Select(process => process.Identity.Pid).ToHashSet();
        RunningProcess[] all =
        [
            .. running,
            // Those that have overwritten their environment, as programs do that change their title.
            .. Journaled(app.Name, known).Where(process => !found.Contains(process.Identity.Pid)),
        ];
        if (all.Length > 0)
        {
            processes.Services.Generations.Skip(app.Name, all.Max(process => process.Generation));
        }

        BackgroundProcess[] living = [.. all.Select(process => Adopt(process, known)).OfType<BackgroundProcess>()];
        // Not by whether its pid is there: where nobody reaps them, as in many a container, the dead keep theirs.
        foreach (var gone in known.Processes.Where(journaled => !living.Any(process => process.Id == journaled.Id)))
        {
            EndWhatIsLeftOf(gone);
        }

        processes.Of(app).Adopt(living);
    }

    /// <summary>The living processes of an app that an earlier front has written down.</summary>
    public static IEnumerable<RunningProcess> Journaled(string app, AppState known) =>
        from journaled in known.Processes
        let identity = new ProcessIdentity(journaled.Pid, journaled.StartTicks, journaled.BootId)
        where ProcessIdentity.Of(journaled.Pid) == identity
        select new RunningProcess(journaled.Id, app, journaled.Type, journaled.Release, journaled.Generation, identity);

    /// <summary>Ends one of an app that there is no more.</summary>
    public async Task StopStrayAsync(RunningProcess stray)
    {
        if (Adopt(stray, new AppState()) is { } process)
        {
            processes.Services.Logger.LogWarning("Ending process {Process} (pid {Pid}), whose app there is no more", process.Id, process.Pid);
            await process.StopAsync(new DrainOptions().Stop, processes.Services.Stop.Hurry);
        }
    }

    /// <summary>One that died while no front was there to see to what it had started.</summary>
    private void EndWhatIsLeftOf(JournaledProcess gone)
    {
        if (!RunningWorkers.HasLeftBehind(state, gone.Id, gone.Pid))
        {
            return;
        }

        processes.Services.Logger.LogWarning("Ending what process {Process} (pid {Pid}) had started, which died while no front was there", gone.Id, gone.Pid);
        Kill(gone.Pid, leaderLives: false);
    }

    private static void Kill(int group, bool leaderLives)
    {
        ProcessGroup.SendKill(group, leaderLives);
        SpinWait.SpinUntil(() => !ProcessGroup.Lives(group), KillPatience);
    }

    private BackgroundProcess? Adopt(RunningProcess process, AppState known)
    {
        try
        {
            var adopted = processes.Services.Factory.Adopt(process, known.Processes.FirstOrDefault(journaled => journaled.Id == process.Id)?.Restarts ?? 0);
            if (adopted is not null)
            {
                processes.Services.Logger.LogInformation("Adopted process {Process} of {App} (pid {Pid}, generation {Generation})",
                    process.Id, process.App, process.Identity.Pid, process.Generation);
            }

            return adopted;
        }
        catch (IOException e)
        {
            // Left to itself, it would live beside the next one.
            processes.Services.Logger.LogError("Process {Process} (pid {Pid}) of an earlier front cannot be watched, and is killed: {Reason}",
                process.Id, process.Identity.Pid, e.Message);
            Kill(process.Identity.Pid, leaderLives: true);
            return null;
        }
    }
}
