namespace BlueGreen.Agent.Control.Contracts;

/// <summary>How many processes of each type of an app are to run.</summary>
/// <param name="App">The app.</param>
/// <param name="Types">The number by type; web is that of the workers.</param>
internal sealed record ScaleReport(string App, IReadOnlyDictionary<string, int> Types);
