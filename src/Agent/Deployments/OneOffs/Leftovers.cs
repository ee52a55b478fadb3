using System.Collections.Concurrent;

namespace BlueGreen.Agent.Deployments.OneOffs;

/// <summary>What an earlier front was running once for each app, and this one is ending: a migration may need a moment to roll back.</summary>
internal sealed class Leftovers
{
    private readonly ConcurrentDictionary<string, Task> _ending = new();

    /// <summary>Something of an app is being ended.</summary>
    /// <param name="app">The app's name.</param>
    /// <param name="gone">Completes when it is gone.</param>
    public void Add(string app, Task gone) => _ending.AddOrUpdate(app, gone, (_, others) => Task.WhenAll(others, gone));

    /// <summary>Completes when nothing of an app is left.</summary>
    public Task GoneAsync(string app) => _ending.GetValueOrDefault(app, Task.CompletedTask);
}
