namespace BlueGreen.Faults.Injection;

/// <summary>What a fault is done to.</summary>
public enum Victim
{
    /// <summary>SIGKILL to the front; supervisord starts another.</summary>
    Front,

    /// <summary>SIGKILL to a worker of the release that serves.</summary>
    Active,

    /// <summary>SIGKILL to a worker of the release that is being deployed.</summary>
    Candidate,

    /// <summary>SIGKILL to a worker of the release that was replaced and still finishes what it has.</summary>
    Old,

    /// <summary>SIGKILL to the <c>bluegreen deploy</c> that is waiting.</summary>
    Cli,

    /// <summary>SIGSTOP to a worker of the release that serves: it lives, and answers nothing.</summary>
    Stopped,
}
