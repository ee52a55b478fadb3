namespace BlueGreen.Benchmarks.Running;

/// <summary>How long everything is measured.</summary>
internal sealed record Effort
{
    /// <summary>A table worth showing, in less than a quarter of an hour.</summary>
    public static readonly Effort Full = new() { Rounds = 4, Seconds = 2, WarmSeconds = 2, Idle = 10_000, Budget = TimeSpan.FromMinutes(14) };

    /// <summary>A first look, in less than two minutes.</summary>
    public static readonly Effort Quick = new() { Rounds = 1, Seconds = 1, WarmSeconds = 1, Idle = 2_000, Budget = TimeSpan.FromSeconds(110) };

    /// <summary>How often each is measured, in turn.</summary>
    public required int Rounds { get; init; }

    /// <summary>How long one measurement takes, in seconds.</summary>
    public required int Seconds { get; init; }

    /// <summary>How long at least a program that compiles itself while it runs is warmed before a row, in seconds.</summary>
    public required int WarmSeconds { get; init; }

    /// <summary>Idle connections of the row that has them.</summary>
    public required int Idle { get; init; }

    /// <summary>After this time no further round is begun.</summary>
    public required TimeSpan Budget { get; init; }
}
