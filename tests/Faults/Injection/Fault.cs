namespace BlueGreen.Faults.Injection;

/// <summary>A fault that was done. Times are of <c>Stopwatch.GetTimestamp()</c>.</summary>
public sealed record Fault
{
    /// <summary>To what.</summary>
    public required Victim Victim { get; init; }

    /// <summary>The process.</summary>
    public required int Pid { get; init; }

    /// <summary>Just before the signal was sent.</summary>
    public required long At { get; init; }

    /// <summary>The workers, at that moment, of the release that the journal called the active one.</summary>
    public IReadOnlyList<int> ServingPids { get; init; } = [];

    /// <summary>When the process was seen to be gone, and so its sockets; null while it is there.</summary>
    public long? Gone { get; set; }

    /// <summary>For the front: when supervisord was seen to have started a new one.</summary>
    public long? Restarted { get; set; }

    /// <summary>For the front: when a new one was seen to accept a connection.</summary>
    public long? Back { get; set; }

    /// <summary>For the front: when a new one was seen to answer with 2xx.</summary>
    public long? Answered { get; set; }

    /// <summary>Whether the victim carries requests.</summary>
    public bool HitsWorker => Victim is not (Victim.Front or Victim.Cli);
}
