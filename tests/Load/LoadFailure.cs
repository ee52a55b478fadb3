namespace BlueGreen.Load;

/// <summary>One failed request.</summary>
/// <param name="Kind">What went wrong.</param>
/// <param name="Detail">The particulars, in one line.</param>
/// <param name="Connection">Which of the load's connections, from 0.</param>
/// <param name="Number">Which request of that connection, from 0.</param>
/// <param name="After">Time since the load began.</param>
public sealed record LoadFailure(FailureKind Kind, string Detail, int Connection, long Number, TimeSpan After);
