namespace BlueGreen.Agent.State;

/// <summary>A new release that has yet to prove itself.</summary>
/// <param name="Generation">The generation of its workers.</param>
/// <param name="Until">The end of the probation.</param>
/// <param name="Fallback">The release it is rolled back to when it fails.</param>
/// <param name="FallbackGeneration">The generation of the workers of that release that are kept warm.</param>
internal sealed record JournaledProbation(long Generation, DateTimeOffset Until, int Fallback, long FallbackGeneration);
