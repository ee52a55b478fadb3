using BlueGreen.Agent.Workers.Limits;

namespace BlueGreen.Agent.Deployments.Processes;

/// <summary>Where a process of a release is started, and how it is confined.</summary>
/// <param name="Directory">Its working folder.</param>
/// <param name="Confinement">Who it runs as, and what it may use; null: as the front.</param>
/// <param name="Files">The folder it can make its socket in, and has its role file in.</param>
internal sealed record LaunchSite(string Directory, Confinement? Confinement, string Files);
