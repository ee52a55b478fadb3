namespace BlueGreen.Agent.Deployments.Roles;

/// <summary>How workers are told their roles.</summary>
internal sealed record RoleOptions
{
    /// <summary>
    /// The path that a role is sent to by POST; any 2xx acknowledges it. Null: workers read it from a file (BLUEGREEN_ROLE_FILE), and
    /// acknowledge it in another one.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>How long a worker may take to acknowledge a role. Default 5 s; more than zero.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What becomes of a deployment when one does not.</summary>
    public OnRoleTimeout OnTimeout { get; init; } = OnRoleTimeout.Fail;
}
