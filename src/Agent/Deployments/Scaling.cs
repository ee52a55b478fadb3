using System.Globalization;
using BlueGreen.Agent.Releases;
using BlueGreen.Agent.State;

namespace BlueGreen.Agent.Deployments;

/// <summary>Changes how many processes of a type run, until somebody says something else: restarts and deployments leave it so.</summary>
internal sealed class Scaling(DeploymentServices services, DeploymentCoordinator coordinator)
{
    private const int Most = 100;

    /// <summary>How many of each type of an app are wanted, web included.</summary>
    public IReadOnlyDictionary<string, int> Of(App app)
    {
        var wanted = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (type, count) in services.Processes.Of(app).Wanted)
        {
            wanted[type] = count;
        }

        wanted[ProcessTypes.Web] = Known(app).Wanted(ProcessTypes.Web, app.Options.Instances);
        return wanted;
    }

    /// <summary>Changes it, or says why not; then nothing has changed. Does not wait for the processes.</summary>
    /// <param name="app">The app.</param>
    /// <param name="types">The number by type; null: what the configuration says.</param>
    /// <exception cref="StateException">It could not be written down; nothing has changed.</exception>
    public Refusal? Scale(App app, IReadOnlyDictionary<string, int?> types)
    {
        Refusal? refused = null;
        return coordinator.TryBetweenDeployments(app, () => refused = ScaleNow(app, types)) ?? refused;
    }

    private Refusal? ScaleNow(App app, IReadOnlyDictionary<string, int?> types)
    {
        if (app.Active is not { } active)
        {
            return new Refusal($"{app.Name} has no active release; deploy one first");
        }

        if (types.Select(type => Problem(app, active.Release, type.Key, type.Value)).FirstOrDefault(problem => problem is not null) is { } problem)
        {
            return new Refusal(problem);
        }

        services.State.Update(app.Name, before => before with
        {
            Scale = before.Scale.RemoveRange(types.Keys)
                .AddRange(from type in types where type.Value is not null select KeyValuePair.Create(type.Key, type.Value!.Value)),
        });
        services.Processes.Of(app).Refresh();
        services.Supervisor.Scale(app, active, Known(app).Wanted(ProcessTypes.Web, app.Options.Instances));
        return null;
    }

    private static string? Problem(App app, Release release, string type, int? count)
    {
        if (type != ProcessTypes.Web && (type == ProcessTypes.Release || !release.Processes.ContainsKey(type)))
        {
            var others = release.Processes.Keys.Where(name => name != ProcessTypes.Release).Order(StringComparer.Ordinal);
            return $"release {release.Number} of {app.Name} has no process type '{type}' to scale; it has {string.Join(", ", others.Prepend(ProcessTypes.Web))}";
        }

        if (count is > 0 && app.Options.Process(type).Singleton
            && app.RunOnce.FirstOrDefault(command => command.Request.Process == type && !command.Ended.IsCompleted) is { } running)
        {
            return $"{type} of {app.Name} is running once: {running.Id}, pid {running.Pid}; only one of it may at a time";
        }

        var least = type == ProcessTypes.Web ? 1 : 0;
        var most = type != ProcessTypes.Web && app.Options.Process(type).Singleton ? 1 : Most;
        return count is null || (count >= least && count <= most) ? null
            : most == 1 ? $"{type} is a singleton: 0 or 1 of it; 'singleton: false' in the configuration lets more run"
            : string.Create(CultureInfo.InvariantCulture, $"{type} can be {least} to {most}, not {count}");
    }

    private AppState Known(App app) => services.State.Current.App(app.Name);
}
