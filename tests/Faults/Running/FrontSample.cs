namespace BlueGreen.Faults.Running;

/// <summary>What a front uses after a number of deploys.</summary>
/// <param name="Deploys">Deploys and rollbacks since it was warm.</param>
/// <param name="Usage">What it uses.</param>
/// <param name="After">Time since the run began.</param>
public readonly record struct FrontSample(int Deploys, ProcessUsage Usage, TimeSpan After);
