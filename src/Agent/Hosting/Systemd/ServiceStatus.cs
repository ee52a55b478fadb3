using System.Text;
using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.State;

namespace BlueGreen.Agent.Hosting.Systemd;

/// <summary>The line <c>systemctl status</c> shows: what serves, what is being deployed, or that the front stops.</summary>
internal sealed class ServiceStatus(AppRegistry apps, DeploymentCoordinator coordinator, StateFile state)
{
    /// <summary>A message of more than 4096 bytes is dropped by systemd as a whole; with many apps the line is cut well before that.</summary>
    private const int MaxLength = 1000;

    /// <summary>The front at this moment: <c>web: release 7 (v2) serves with 2 workers; api: deploying release 3 (probing)</c>.</summary>
    public string Serving() => Line(string.Join("; ", apps.All.Select(Of)));

    /// <summary>A front that stops, with what is still in flight.</summary>
    public string Stopping()
    {
        var inFlight = apps.All.SelectMany(app => app.Live).Sum(live => live.InFlight.Total);
        return inFlight == 0 ? "stopping" : $"stopping, {inFlight} in flight";
    }

    private string Of(App app)
    {
        var serving = app.Upstream.Split.Backends.Length;
        var deployment = coordinator.Running(app) is { } running ? Of(running) : null;
        var now = (serving, app.Active) switch
        {
            ( > 0, { } active) => $"release {active.Release.Number} ({active.Release.Label}) serves with {Workers(serving, active.Workers.Length)}",
            _ when deployment is not null => null,
            _ => state.Current.App(app.Name).Active is { } wanted ? $"release {wanted} does not serve" : "nothing serves",
        };
        return $"{app.Name}: {string.Join(", ", new[] { now, deployment }.OfType<string>())}";
    }

    private static string Of(Deployment deployment)
    {
        var verb = deployment.Request switch
        {
            DeploymentRequest.Deploy => "deploying",
            DeploymentRequest.Rollback => "rolling back to",
            _ => "restarting",
        };
        return $"{verb} {(deployment.Number is { } number ? $"release {number}" : "a release")} ({Deployment.NameOf(deployment.State)})";
    }

    private static string Workers(int serving, int all) =>
        serving < all ? $"{serving} of {all} workers" : serving == 1 ? "1 worker" : $"{serving} workers";

    /// <summary>One line without control characters: labels are free text, and a line break would begin another assignment.</summary>
    private static string Line(string text)
    {
        var line = new StringBuilder(text.Length <= MaxLength ? text : $"{text.AsSpan(0, MaxLength)} ...");
        for (var i = 0; i < line.Length; i++)
        {
            line[i] = char.IsControl(line[i]) ? ' ' : line[i];
        }

        return line.ToString();
    }
}
