namespace BlueGreen.Agent.Workers.Limits;

/// <summary>The memory that one process may use, with all it starts.</summary>
/// <param name="Groups">Where its group is made.</param>
/// <param name="Name">Its own name: APP.RELEASE.N.</param>
/// <param name="Bytes">How much.</param>
internal sealed record MemoryAllowance(ControlGroups Groups, string Name, long Bytes)
{
    /// <summary>Makes the group that the process is to enter.</summary>
    /// <exception cref="LimitsException">It cannot be made.</exception>
    public MemoryGroup NewGroup() => Groups.Create(Name, Bytes);
}
