namespace BlueGreen.Agent.Control.Contracts;

/// <summary>Why a request was not carried out.</summary>
/// <param name="Error">One line for people.</param>
internal sealed record ErrorReport(string Error);
