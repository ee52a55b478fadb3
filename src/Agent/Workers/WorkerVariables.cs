namespace BlueGreen.Agent.Workers;

/// <summary>The environment variables that tell a worker who it is. Part of the contract with it, and what it is found by.</summary>
internal static class WorkerVariables
{
    /// <summary>The name of its app.</summary>
    public const string App = "BLUEGREEN_APP";

    /// <summary>The number of its release.</summary>
    public const string Release = "BLUEGREEN_RELEASE";

    /// <summary>The label of its release.</summary>
    public const string Label = "BLUEGREEN_LABEL";

    /// <summary>Its process type: web for a worker.</summary>
    public const string Process = "BLUEGREEN_PROCESS";

    /// <summary>Its id.</summary>
    public const string Worker = "BLUEGREEN_WORKER";

    /// <summary>The switch attempt a worker was started for; for a process of another type a number that grows with each start.</summary>
    public const string Generation = "BLUEGREEN_GENERATION";

    /// <summary>What it is when it starts: standby.</summary>
    public const string Role = "BLUEGREEN_ROLE";

    /// <summary>The path of the file that tells it its role, once it is told.</summary>
    public const string RoleFile = "BLUEGREEN_ROLE_FILE";

    /// <summary>The state folder of its front: an absolute path.</summary>
    public const string State = "BLUEGREEN_STATE";

    /// <summary>Its pid. What it starts inherits all of these, and is told from it by this one.</summary>
    public const string Pid = "BLUEGREEN_WORKER_PID";

    /// <summary>What a process that is no worker but runs once is for: preflight, release, run-once, before, after, failed. It is found by this.</summary>
    public const string Task = "BLUEGREEN_TASK";

    /// <summary>The TCP port it listens on; with a socket, the path of that.</summary>
    public const string Port = "PORT";

    /// <summary>The path of the Unix socket it listens on, where it binds one.</summary>
    public const string Socket = "SOCKET";

    /// <summary>What only a worker is told: where to listen, and its role.</summary>
    public static readonly IReadOnlyList<string> OfWorkersAlone = [Port, Socket, "HOST", "ASPNETCORE_URLS", Role, RoleFile];
}
