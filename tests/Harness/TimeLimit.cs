namespace BlueGreen.Harness;

/// <summary>
/// The time limit of whoever waits: a test's, or the one a program has set for what it does. Every wait of the harness ends with it, so
/// that nobody need hand a token on.
/// </summary>
public static class TimeLimit
{
    private static readonly AsyncLocal<CancellationToken?> Own = new();

    /// <summary>The limit where none was begun: none, unless the program says otherwise once, at its start.</summary>
    public static Func<CancellationToken> Outermost { get; set; } = () => CancellationToken.None;

    /// <summary>The limit of the caller.</summary>
    public static CancellationToken Token => Own.Value ?? Outermost();

    /// <summary>Sets the limit of the calling asynchronous method and of all that it calls.</summary>
    public static void Begin(CancellationToken limit) => Own.Value = limit;
}
