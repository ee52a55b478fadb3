namespace BlueGreen.Agent.Tests;

/// <summary>Tests that change what the whole program may do: they run when no other test does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
