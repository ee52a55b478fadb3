using BlueGreen.Agent.Control.Contracts;

namespace BlueGreen.Agent.Control;

/// <summary>What the control socket can ask of the front as a whole.</summary>
/// <param name="Status">The front and its apps at this moment.</param>
/// <param name="Reload">Reads the configuration again.</param>
/// <param name="Stop">Begins the end of the front.</param>
internal sealed record FrontActions(Func<StatusReport> Status, Func<ReloadReport> Reload, Action Stop);
