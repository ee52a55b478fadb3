namespace BlueGreen.Faults.Running;

/// <summary>One thing that is not as it must be.</summary>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Text">One line.</param>
public sealed record Problem(ProblemKind Kind, string Text);
