namespace BlueGreen.Agent.Releases;

/// <summary>A user of this machine who asked for something, as the kernel says.</summary>
/// <param name="Uid">The user's number.</param>
/// <param name="User">The user's name; null where there is none.</param>
internal sealed record Actor(uint Uid, string? User);
