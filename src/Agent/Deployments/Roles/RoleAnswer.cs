namespace BlueGreen.Agent.Deployments.Roles;

/// <summary>What came of telling a worker its role.</summary>
internal abstract record RoleAnswer
{
    /// <summary>It has acknowledged it.</summary>
    public sealed record Acknowledged : RoleAnswer;

    /// <summary>It has ended.</summary>
    public sealed record Ended : RoleAnswer;

    /// <summary>Its time was over.</summary>
    /// <param name="Last">What it did instead, for people.</param>
    public sealed record Silent(string Last) : RoleAnswer;
}
