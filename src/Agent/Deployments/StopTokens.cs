namespace BlueGreen.Agent.Deployments;

/// <summary>How the front's own end reaches what runs in it.</summary>
/// <param name="Stopping">The front stops: no new deployment, candidates are discarded, warm workers are not kept.</param>
/// <param name="Hurry">It is to end at once: drains are cut, workers killed.</param>
internal sealed record StopTokens(CancellationToken Stopping, CancellationToken Hurry);
