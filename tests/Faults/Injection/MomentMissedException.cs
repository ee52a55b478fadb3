namespace BlueGreen.Faults.Injection;

/// <summary>The front had gone on to the next step before it could be stopped at the one that was waited for: try again.</summary>
/// <param name="message">Where it was instead.</param>
public sealed class MomentMissedException(string message) : Exception(message);
