namespace BlueGreen.Agent.Deployments.WarmUps;

/// <summary>What a warm-up did.</summary>
/// <param name="Answered">Requests that were answered.</param>
/// <param name="Unexpected">Requests that were not answered as they should be, and need not be.</param>
/// <param name="Example">The first of those, for people; null where there was none.</param>
/// <param name="FirstRound">The slowest answer of the first round.</param>
/// <param name="LastRound">The slowest answer of the last round that came to its end; null where none but the first did.</param>
internal sealed record WarmUpFigures(int Answered, int Unexpected, string? Example, TimeSpan FirstRound, TimeSpan? LastRound)
{
    /// <summary>Those of several workers together: counts added, the slowest.</summary>
    public static WarmUpFigures Combine(IEnumerable<WarmUpFigures> figures) => figures.Aggregate((one, other) => new WarmUpFigures(
        one.Answered + other.Answered,
        one.Unexpected + other.Unexpected,
        one.Example ?? other.Example,
        one.FirstRound > other.FirstRound ? one.FirstRound : other.FirstRound,
        one.LastRound is null || one.LastRound < other.LastRound ? other.LastRound : one.LastRound));
}
