using System.Collections.Concurrent;

namespace BlueGreen.Agent.Deployments.Processes;

/// <summary>The processes that take no requests, of all apps.</summary>
internal sealed class BackgroundProcesses(ProcessServices services)
{
    private readonly ConcurrentDictionary<App, AppProcesses> _apps = new();

    /// <summary>What starts and ends them.</summary>
    public ProcessServices Services => services;

    /// <summary>Those of an app.</summary>
    public AppProcesses Of(App app) => _apps.GetOrAdd(app, static (app, services) => new AppProcesses(app, services), services);

    /// <summary>An app is there no more, nor are its processes.</summary>
    public void Forget(App app) => _apps.TryRemove(app, out _);
}
