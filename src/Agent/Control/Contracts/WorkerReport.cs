using System.Text.Json.Serialization;

namespace BlueGreen.Agent.Control.Contracts;

/// <summary>A worker.</summary>
/// <param name="Id">APP.RELEASE.N.</param>
/// <param name="Pid">Its process id.</param>
/// <param name="Address">Where it listens.</param>
/// <param name="State">starting, healthy, unhealthy, stopping or exited.</param>
/// <param name="Restarts">How often it was started again after it died.</param>
/// <param name="InFlight">What it carries.</param>
internal sealed record WorkerReport(string Id, int Pid, string Address, string State, int Restarts, InFlightReport InFlight)
{
    /// <summary>What it was told to be: standby, active or draining; left out where workers are told no roles.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Role { get; init; }
}
