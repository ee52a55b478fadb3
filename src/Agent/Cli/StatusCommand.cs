using System.CommandLine;
using BlueGreen.Agent.Control.Contracts;

namespace BlueGreen.Agent.Cli;

/// <summary><c>bluegreen status</c>.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var json = CommonOptions.Json();
        var state = CommonOptions.State();
        var command = new ExampledCommand("status", "Show the front, its apps, their live releases and workers.",
            "bluegreen status",
            "bluegreen status --json")
        {
            json, state,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            using var front = CommonOptions.Connect(parsed, state);
            var status = await front.StatusAsync(cancel);
            if (parsed.GetValue(json))
            {
                CommandOutput.Json(status);
            }
            else
            {
                foreach (var line in Lines(status))
                {
                    CommandOutput.Line(line);
                }
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static IEnumerable<string> Lines(StatusReport status)
    {
        yield return $"bluegreen {status.Version}, pid {status.Pid}, since {status.StartedAt.LocalDateTime:yyyy-MM-dd HH:mm:ss}, on {string.Join(", ", status.Listen)}";
        foreach (var app in status.Apps)
        {
            yield return $"{app.Name}  generation {app.Generation}{(app.Held > 0 ? $", {app.Held} requests held" : "")}";
            if (app.Deployment is { } running)
            {
                yield return $"  {running.Kind}{(running.Release is { } number ? $" of release {number}" : "")}: {running.Step}, since {running.Since.LocalDateTime:HH:mm:ss}";
            }

            if (app.AllUnhealthy)
            {
                yield return "  every worker fails its checks; requests are sent to them all the same";
            }

            if (app.Probation is { } probation)
            {
                yield return $"  release {probation.Release} is on probation until {probation.Until.LocalDateTime:HH:mm:ss}; if it fails, release {probation.Fallback} serves again";
            }

            if (app.Source is { EveryMs: not null } or { CheckedAt: not null })
            {
                yield return $"  source {app.Source.Source}{Every(app.Source)}{Checked(app.Source)}";
            }

            if (app.Leader is { } leader)
            {
                yield return $"  {leader.Worker} leads, generation {leader.Generation}";
            }

            if (app.Releases.Count == 0)
            {
                yield return "  nothing deployed yet: bluegreen deploy PATH";
            }

            foreach (var line in app.Releases.SelectMany(Lines).Concat(app.Processes.SelectMany(Lines)))
            {
                yield return line;
            }

            foreach (var command in app.RunOnce)
            {
                yield return $"  {command.Id}  pid {command.Pid}  run once by {Words.Who(command.By)} since {command.Since.LocalDateTime:HH:mm:ss}: {command.Command}";
            }
        }
    }

    private static IEnumerable<string> Lines(LiveReleaseReport release) => release.Workers.Select(worker =>
            $"    {worker.Id}  pid {worker.Pid}  {worker.Address}  {worker.State}{(worker.Role is null ? "" : $", told {worker.Role}")}{Restarts(worker.Restarts)}  {InFlight(worker.InFlight)}")
        .Prepend($"  release {release.Release} ({release.Label})  {release.Role} since {release.Since.LocalDateTime:HH:mm:ss}");

    private static IEnumerable<string> Lines(ProcessTypeReport type) => type.Processes.Select(process =>
            $"    {process.Id}  pid {process.Pid}  {process.State} since {process.Since.LocalDateTime:HH:mm:ss}{Restarts(process.Restarts)}  generation {process.Generation}")
        .Prepend($"  {type.Type}  {type.Wanted} wanted{(type.Singleton ? ", never more than one" : "")}")
        .Concat(type.Failures.Select(failure => $"    does not stay up, is tried again: {failure}"));

    private static string Every(SourceReport source) =>
        source.EveryMs is { } every ? $", looked at every {TimeSpan.FromMilliseconds(every).TotalSeconds:0.###} s ({source.Deploy})" : "";

    private static string Checked(SourceReport source) =>
        source.CheckedAt is { } at ? $", at {at.LocalDateTime:HH:mm:ss}: {source.Result}: {source.Detail}" : "";

    private static string Restarts(int restarts) => restarts switch
    {
        0 => "",
        1 => " (restarted once)",
        _ => $" (restarted {restarts} times)",
    };

    private static string InFlight(InFlightReport inFlight) =>
        $"in flight: {inFlight.Requests} requests, {inFlight.Streams} streams, {inFlight.Upgraded} upgraded";
}
