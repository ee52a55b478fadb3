using BlueGreen.Agent.Releases;

namespace BlueGreen.Agent.Deployments.Watching;

/// <summary>Why a source is looked at; a deployment that comes of it has the same cause.</summary>
/// <param name="Trigger">What began it.</param>
/// <param name="By">Who asked for it over the control socket; null: nobody did.</param>
internal sealed record LookCause(DeploymentTrigger Trigger, Actor? By = null)
{
    /// <summary>Its time has come.</summary>
    public static LookCause Watch { get; } = new(DeploymentTrigger.Watch);

    /// <summary>The signal.</summary>
    public static LookCause Usr2 { get; } = new(DeploymentTrigger.Usr2);

    /// <summary>
    /// Somebody wants what the source has now to serve: then it does not matter whether it was there before, nor whether it failed.
    /// </summary>
    public bool IsOrder => Trigger == DeploymentTrigger.Usr2;
}
