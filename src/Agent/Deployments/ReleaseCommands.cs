using System.Globalization;
using BlueGreen.Agent.Releases;
using BlueGreen.Agent.State;
using BlueGreen.Agent.Workers;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments;

/// <summary>
/// Runs commands from a release once, to their end: in its folder and with its environment, as its workers run, but without an address.
/// </summary>
internal sealed class ReleaseCommands(StateDirectory directory, ILogger<ReleaseCommands> logger, TimeProvider time)
{
    /// <summary>Runs one. Its output is in the log APP.RELEASE.TASK.log.</summary>
    /// <param name="app">The app.</param>
    /// <param name="release">Whose folder, environment and tools it has.</param>
    /// <param name="task">What it is for: the key it is configured by.</param>
    /// <param name="command">The command.</param>
    /// <param name="cancel">Kills it and all it has started.</param>
    /// <exception cref="ReleaseException">It cannot be run.</exception>
    public async Task<OneOffEnd> RunAsync(string app, Release release, string task, CommandOptions command, CancellationToken cancel)
    {
        var launch = release.Command with { Line = command.Command, Origin = task };
        var name = string.Create(CultureInfo.InvariantCulture, $"{app}.{release.Number}.{task}.log");
        var spec = new OneOffSpec
        {
            Task = task,
            Directory = release.Directory,
            Arguments = launch.ToArguments,
            Environment = ReleaseEnvironment.Of(directory, app, release),
            Log = new WorkerLog(Path.Combine(OutputFolder.Of(directory, app, logger), name)),
            Timeout = command.Timeout,
        };
        var end = await OneOff.RunAsync(spec, time, cancel);
        logger.LogInformation("{Task} of {App} release {Release}: {End}", task, app, release.Number,
            end.Exit is { } exit ? $"{exit.Description} after {exit.After.TotalSeconds:0.00} s" : "killed, its time was over");
        return end;
    }
}
