namespace BlueGreen.Agent.Control.Contracts;

/// <summary>Who asked for something over the control socket, as the kernel says (SO_PEERCRED, socket(7)).</summary>
/// <param name="Uid">The user's number.</param>
/// <param name="User">The user's name; null where there is none.</param>
internal sealed record ActorReport(uint Uid, string? User);
