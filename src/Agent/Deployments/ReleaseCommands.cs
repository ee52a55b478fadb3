using System.Globalization;
using BlueGreen.Agent.Deployments.Processes;
using BlueGreen.Agent.Releases;
using BlueGreen.Agent.State;
using BlueGreen.Agent.Workers;
using BlueGreen.Agent.Workers.Limits;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments;

/// <summary>
/// Runs commands from a release once, to their end: in its folder and with its environment, as its workers run, but without an address.
/// </summary>
internal sealed class ReleaseCommands(StateDirectory directory, LaunchSites sites, StopTokens stop, ILogger<ReleaseCommands> logger, TimeProvider time)
{
    /// <summary>Where the output of one goes.</summary>
    public WorkerLog LogOf(string app, Release release, ReleaseCommand command) => new(Path.Combine(
        OutputFolder.Of(directory, app, logger), string.Create(CultureInfo.InvariantCulture, $"{app}.{release.Number}.{command.Place}.log")));

    /// <summary>Runs one. Its output is in its log.</summary>
    /// <param name="options">The app, whose limits it has.</param>
    /// <param name="release">Whose folder, environment and tools it has.</param>
    /// <param name="command">The command.</param>
    /// <param name="cancel">Ends it and all it has started.</param>
    /// <exception cref="ReleaseException">It cannot be run.</exception>
    /// <exception cref="LimitsException">It cannot be given the limits of such commands.</exception>
    public async Task<OneOffEnd> RunAsync(AppOptions options, Release release, ReleaseCommand command, CancellationToken cancel)
    {
        var app = options.Name;
        // Those of its own type, where it is one that runs beside the workers.
        var limits = command.Process is { } own && own != ProcessTypes.Release ? options.Process(own).Limits : options.LimitsOfCommands;
        var site = sites.Of(options, release, limits, string.Create(CultureInfo.InvariantCulture, $"{app}.{release.Number}.{command.Place}"));
        var environment = ReleaseEnvironment.Of(directory, app, release);
        if (command.Process is { } type)
        {
            environment[WorkerVariables.Process] = type;
        }

        var spec = new OneOffSpec
        {
            Task = command.Task,
            Directory = site.Directory,
            Confinement = site.Confinement,
            Arguments = command.Launch.ToArguments,
            Environment = environment,
            Log = LogOf(app, release, command),
            Timeout = command.Timeout,
            Grace = command.Grace,
            Started = command.Started,
        };
        var end = await OneOff.RunAsync(spec, time, cancel, stop.Hurry);
        logger.LogInformation("{Task} of {App} release {Release}: {End}", command.Task, app, release.Number,
            end.Exit is { } exit ? $"{exit.Description} after {exit.After.TotalSeconds:0.00} s" : "ended, its time was over");
        return end;
    }
}
