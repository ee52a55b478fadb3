namespace BlueGreen.Benchmarks.WarmUp;

/// <summary>One deployment that was measured.</summary>
internal sealed record WarmUpSample(int Round, DeployMode Mode, FirstRequests AfterSwitch, FirstRequests AfterFirst);
