using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BlueGreen.Agent.Workers;

/// <summary>A living worker process as its environment describes it.</summary>
/// <param name="Id">APP.RELEASE.N</param>
/// <param name="App">The name of its app.</param>
/// <param name="Release">The number of its release; at least 1.</param>
/// <param name="Generation">The switch attempt it was started for; at least 0.</param>
/// <param name="Identity">The process.</param>
/// <param name="EndPoint">Where it was told to listen.</param>
internal sealed record RunningWorker(string Id, string App, int Release, long Generation, ProcessIdentity Identity, EndPoint EndPoint)
{
    /// <summary>What a worker's environment says; null when it is none or is not as a front writes it.</summary>
    public static RunningWorker? From(IReadOnlyDictionary<string, string> environment, ProcessIdentity process) =>
        environment.GetValueOrDefault(WorkerVariables.Worker) is { Length: > 0 } id
        && environment.GetValueOrDefault(WorkerVariables.App) is { Length: > 0 } app
        && int.TryParse(environment.GetValueOrDefault(WorkerVariables.Release), NumberStyles.None, CultureInfo.InvariantCulture, out var release)
        && long.TryParse(environment.GetValueOrDefault(WorkerVariables.Generation), NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
        && id.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{app}.{release}."), StringComparison.Ordinal)
        && release > 0
        && EndPointOf(environment) is { } endPoint
            ? new RunningWorker(id, app, release, generation, process, endPoint)
            : null;

    private static EndPoint? EndPointOf(IReadOnlyDictionary<string, string> environment)
    {
        if (environment.TryGetValue(WorkerVariables.Socket, out var path))
        {
            return Path.IsPathRooted(path) && Encoding.UTF8.GetByteCount(path) <= WorkerLauncher.MaxSocketPathBytes
                ? new UnixDomainSocketEndPoint(path)
                : null;
        }

        return ushort.TryParse(environment.GetValueOrDefault(WorkerVariables.Port), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? new IPEndPoint(IPAddress.Loopback, port)
            : null;
    }
}
