using System.Globalization;
using BlueGreen.Agent.Releases;
using BlueGreen.Agent.State;
using BlueGreen.Agent.Workers;

namespace BlueGreen.Agent.Deployments;

/// <summary>The environment of everything that runs from a release.</summary>
internal static class ReleaseEnvironment
{
    /// <summary>What the app had configured when it was deployed, and which release it is.</summary>
    public static Dictionary<string, string> Of(StateDirectory directory, string app, Release release) => new(release.Env)
    {
        [WorkerVariables.App] = app,
        [WorkerVariables.Release] = release.Number.ToString(CultureInfo.InvariantCulture),
        [WorkerVariables.Label] = release.Label,
        [WorkerVariables.State] = directory.Root,
    };
}
