namespace BlueGreen.Faults.Accounting;

/// <summary>What a failed exchange is put down to.</summary>
public enum Verdict
{
    /// <summary>To nothing that excuses it.</summary>
    Lost,

    /// <summary>No front listened.</summary>
    NoFront,

    /// <summary>It was on a connection of the front that was killed.</summary>
    InKilledFront,

    /// <summary>It was in the worker that was killed, and may not be sent again.</summary>
    InKilledWorker,

    /// <summary>It outlived a drain deadline.</summary>
    Cut,

    /// <summary>It waited as long as a request may be held.</summary>
    Refused,
}
