using BlueGreen.Agent.State;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments.Roles;

/// <summary>What tells workers their roles.</summary>
internal sealed record RoleServices(RoleChannel Channel, StateFile State, Generations Generations, ILogger Logger, TimeProvider Time);
