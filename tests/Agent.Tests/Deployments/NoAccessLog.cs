using BlueGreen.Agent.AccessLogs;

namespace BlueGreen.Agent.Tests.Deployments;

/// <summary>Access logs of apps that have them switched off.</summary>
internal static class NoAccessLog
{
    public static AccessLog Of(string app) => new(app, "/nowhere/access.log", new CapturedLog<AccessLog>(), TimeProvider.System);
}
