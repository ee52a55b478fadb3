using BlueGreen.Agent.Releases;

namespace BlueGreen.Agent.Deployments;

/// <summary>A request made concrete when it is accepted: which stored release it is about, where there is one already.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Stored">The release to start; null: a new one comes from the request's source.</param>
/// <param name="Warm">Its workers, where they still run and have been taken back.</param>
internal sealed record DeploymentPlan(DeploymentRequest Request, Release? Stored = null, LiveRelease? Warm = null);
