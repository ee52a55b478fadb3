using BlueGreen.Agent.State;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments.Processes;

/// <summary>What keeps processes running.</summary>
internal sealed record ProcessServices(
    ProcessFactory Factory, StateFile State, Generations Generations, StopTokens Stop, ILogger Logger, TimeProvider Time);
