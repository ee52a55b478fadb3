using System.ComponentModel;
using BlueGreen.Agent.Releases;
using BlueGreen.Agent.Releases.Commands;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments.OneOffs;

/// <summary>Runs process types and other commands of the active release once, when somebody asks for it, or says why not.</summary>
/// <param name="coordinator">Waits for them at the end of the front.</param>
/// <param name="services">What they work with.</param>
/// <param name="stop">Ends them.</param>
/// <param name="logger">Told who runs what.</param>
internal sealed class RunOnceRunner(
    DeploymentCoordinator coordinator, DeploymentServices services, StopTokens stop, ILogger<RunOnceRunner> logger)
{
    private readonly Lock _gate = new();

    /// <summary>Begins to run something, or says why not.</summary>
    /// <param name="app">The app.</param>
    /// <param name="request">What is asked for.</param>
    /// <returns>Exactly one of the two. Whoever gets the first one reads it, and leaves it.</returns>
    public (RunningCommand? Begun, Refusal? Refused) Begin(App app, RunOnceRequest request)
    {
        if (stop.Stopping.IsCancellationRequested)
        {
            return (null, new Refusal("the front is stopping"));
        }

        if (!services.Leftovers.GoneAsync(app.Name).IsCompleted)
        {
            return (null, new Refusal($"what an earlier front has left running of {app.Name} is being ended; try again in a moment"));
        }

        if (app.Active is not { Release: var release })
        {
            return (null, new Refusal($"{app.Name} has no active release; deploy one first"));
        }

        if (Unknown(app, release, request.Process) is { } unknown)
        {
            return (null, unknown);
        }

        // One at a time: two of the same kind must not both find that there is none.
        lock (_gate)
        {
            return Busy(app, request.Process) is { } busy ? (null, busy) : Start(app, release, request);
        }
    }

    private static Refusal? Unknown(App app, Release release, string? type) => type switch
    {
        null => null,
        ProcessTypes.Web => new Refusal("web takes requests and is not run once; 'bluegreen run-once -- COMMAND' runs any command of the release"),
        _ when release.Processes.ContainsKey(type) => null,
        _ => new Refusal($"release {release.Number} of {app.Name} has no process type '{type}'; it has {Types(release)}; 'bluegreen run-once -- COMMAND' runs any command"),
    };

    private static string OfApp(App app) => app.Name == AppOptions.DefaultName ? "" : $"--app {app.Name} ";

    private static string Types(Release release) =>
        release.Processes.Count == 0 ? "none besides web" : string.Join(", ", release.Processes.Keys.Order(StringComparer.Ordinal));

    private Refusal? Busy(App app, string? type)
    {
        if (type is null)
        {
            return null;
        }

        if (app.RunOnce.FirstOrDefault(other => other.Request.Process == type && !other.Ended.IsCompleted) is { } same)
        {
            return new Refusal($"{type} of {app.Name} is running once already: {same.Id}, pid {same.Pid}, since {same.StartedAt:u}");
        }

        var processes = services.Processes.Of(app);
        var isKept = processes.Wanted.GetValueOrDefault(type) > 0 || processes.Living.Any(process => process.Type == type);
        return app.Options.Process(type).Singleton && isKept
            ? new Refusal($"{type} of {app.Name} runs, and only one of it may at a time: 'bluegreen scale {OfApp(app)}{type}=0' stops it")
            : null;
    }

    private (RunningCommand? Begun, Refusal? Refused) Start(App app, Release release, RunOnceRequest request)
    {
        // A deployment may be at it, of this app or of a removed one with its name.
        var alone = request.Process == ProcessTypes.Release ? services.ReleasePhases.TryEnter(app.Name) : null;
        if (request.Process == ProcessTypes.Release && alone is null)
        {
            return (null, new Refusal($"the release phase of {app.Name} is running in a deployment"));
        }

        var launch = LaunchOf(release, request);
        var number = Enumerable.Range(1, int.MaxValue).First(free => app.RunOnce.All(other => other.Number != free));
        RunningCommand? begun = null;
        var command = new ReleaseCommand(RunningCommand.TaskName, launch)
        {
            Process = request.Process,
            Place = RunningCommand.PlaceOf(number),
            Timeout = request.Timeout ?? Timeout.InfiniteTimeSpan,
            Grace = app.Options.Drain.Stop,
            Started = pid => begun!.Pid = pid,
        };
        var log = services.Commands.LogOf(app.Name, release, command);
        begun = new RunningCommand(app.Name, release, number, request, launch.Line, services.Time) { Output = new(log, log.Length) };
        app.Add(begun);
        var ending = RunAsync(app, begun, command, alone);
        if (ending.IsFaulted)
        {
            return (null, new Refusal(ending.Exception.InnerException!.Message));
        }

        logger.LogInformation("{User} runs once {Command} from {App} release {Release}: {Id} (pid {Pid})",
            request.By is { } by ? by.User ?? $"uid {by.Uid}" : "somebody", launch.Line, app.Name, release.Number, begun.Id, begun.Pid);
        coordinator.Follow(app, ending);
        return (begun, null);
    }

    /// <summary>The command line of the type with what comes after it, or the words that were given, read by no shell.</summary>
    private static LaunchCommand LaunchOf(Release release, RunOnceRequest request)
    {
        var words = request.Arguments.Select(ShellWords.Quote);
        return request.Process is { } type
            ? release.Processes[type] is var own && request.Arguments.Count == 0 ? own : own with { Line = string.Join(' ', words.Prepend(own.Line)) }
            : release.Command with { Line = string.Join(' ', words), Origin = RunningCommand.TaskName };
    }

    /// <exception cref="ReleaseException">It cannot be run. Like the others, thrown before anything is waited for.</exception>
    private async Task RunAsync(App app, RunningCommand begun, ReleaseCommand command, IDisposable? alone)
    {
        RunOnceEnd end;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop.Stopping, begun.Stopped);
        try
        {
            var ended = await services.Commands.RunAsync(app.Options, begun.Release, command, either.Token);
            end = ended.Exit is { } exit ? new RunOnceEnd(exit, null) : new RunOnceEnd(null, RunOnceEnd.Timeout);
        }
        catch (OperationCanceledException)
        {
            end = new RunOnceEnd(null, begun.Reason ?? RunOnceEnd.Stopping);
        }
        catch (Exception e) when (begun.Pid == 0 && e is ReleaseException or Win32Exception or IOException or UnauthorizedAccessException)
        {
            app.Remove(begun);
            throw;
        }
        catch (Exception e)
        {
            logger.LogError(e, "{Id} met an unexpected error", begun.Id);
            end = new RunOnceEnd(null, RunOnceEnd.Error);
        }
        finally
        {
            alone?.Dispose();
        }

        logger.LogInformation("{Id} of {App} release {Release} (pid {Pid}) ended: {End}", begun.Id, app.Name, begun.Release.Number, begun.Pid, end.Description);
        begun.End(end);
        services.Processes.Of(app).Refresh();
        _ = ForgetAsync(app, begun);
    }

    /// <summary>Its number, and so its log, are nobody else's before the last of it is read.</summary>
    private static async Task ForgetAsync(App app, RunningCommand begun)
    {
        await begun.Read;
        app.Remove(begun);
    }
}
