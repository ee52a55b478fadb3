using System.Collections.Concurrent;

namespace BlueGreen.Agent.Deployments.Roles;

/// <summary>The roles of the workers of all apps.</summary>
internal sealed class AllRoles(RoleServices services)
{
    private readonly ConcurrentDictionary<App, AppRoles> _apps = new();

    /// <summary>Those of an app.</summary>
    public AppRoles Of(App app) => _apps.GetOrAdd(app, static (app, services) => new AppRoles(app, services), services);

    /// <summary>An app is there no more.</summary>
    public void Forget(App app) => _apps.TryRemove(app, out _);
}
