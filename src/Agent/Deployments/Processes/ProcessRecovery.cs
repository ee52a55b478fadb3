using BlueGreen.Agent.State;
using BlueGreen.Agent.Workers;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments.Processes;

/// <summary>Takes over the processes that an earlier front has left: none is started before those that live are known.</summary>
internal sealed class ProcessRecovery(BackgroundProcesses processes)
{
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
            .. from journaled in known.Processes
               let identity = new ProcessIdentity(journaled.Pid, journaled.StartTicks, journaled.BootId)
               where !found.Contains(journaled.Pid) && ProcessIdentity.Of(journaled.Pid) == identity
               select new RunningProcess(journaled.Id, app.Name, journaled.Type, journaled.Release, journaled.Generation, identity),
        ];
        if (all.Length > 0)
        {
            processes.Services.Generations.Skip(app.Name, all.Max(process => process.Generation));
        }

        processes.Of(app).Adopt(all.Select(process => Adopt(process, known)).OfType<BackgroundProcess>());
    }

    /// <summary>Ends one of an app that there is no more.</summary>
    public async Task StopStrayAsync(RunningProcess stray)
    {
        if (Adopt(stray, new AppState()) is { } process)
        {
            processes.Services.Logger.LogWarning("Ending process {Process} (pid {Pid}), whose app there is no more", process.Id, process.Pid);
            await process.StopAsync(new DrainOptions().Stop, processes.Services.Stop.Hurry);
        }
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
            processes.Services.Logger.LogError("Process {Process} (pid {Pid}) of an earlier front is left to itself: {Reason}",
                process.Id, process.Identity.Pid, e.Message);
            return null;
        }
    }
}
