using BlueGreen.Agent.Deployments.Hooks;
using BlueGreen.Agent.Deployments.OneOffs;
using BlueGreen.Agent.Deployments.Processes;
using BlueGreen.Agent.Deployments.Roles;
using BlueGreen.Agent.Releases;
using BlueGreen.Agent.Releases.Fetching;
using BlueGreen.Agent.State;

namespace BlueGreen.Agent.Deployments;

/// <summary>What every deployment works with.</summary>
internal sealed record DeploymentServices(
    ReleaseStore Store,
    SourceStager Stager,
    AppDemands Demands,
    StateFile State,
    WorkerFactory Factory,
    WorkerJournal Journal,
    RetirementRunner Retirement,
    Supervisor Supervisor,
    BackgroundProcesses Processes,
    AllRoles Roles,
    Generations Generations,
    ReleaseCommands Commands,
    ReleasePhaseGate ReleasePhases,
    Leftovers Leftovers,
    HookRunner Hooks,
    DeploymentWitness Witness,
    Pruning Pruning,
    TimeProvider Time);
