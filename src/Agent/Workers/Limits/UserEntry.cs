namespace BlueGreen.Agent.Workers.Limits;

/// <summary>A user of this machine.</summary>
/// <param name="Name">The login name.</param>
/// <param name="Uid">The number.</param>
/// <param name="Gid">The number of the user's own group.</param>
/// <param name="Home">The home folder; there need be none.</param>
internal sealed record UserEntry(string Name, uint Uid, uint Gid, string Home);
