using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using BlueGreen.Agent.State;
using BlueGreen.Agent.Workers;

namespace BlueGreen.Agent.Deployments;

/// <summary>Brings together what the journal and the processes themselves say of an app's workers.</summary>
internal static class JournaledWorkers
{
    private const string UnixPrefix = "http://unix:";

    /// <summary>The workers that were found, and those of the journal that live but do not call themselves workers any more.</summary>
    public static IReadOnlyList<RunningWorker> With(IReadOnlyList<RunningWorker> running, string app, ImmutableArray<JournaledWorker> journaled)
    {
        var found = running.Select(worker => worker.Identity.Pid).ToHashSet();
        return
        [
            .. running,
            .. from known in journaled
               let identity = new ProcessIdentity(known.Pid, known.StartTicks, known.BootId)
               where !found.Contains(known.Pid) && ProcessIdentity.Of(known.Pid) == identity
               let endPoint = EndPointOf(known.Address)
               where endPoint is not null
               select new RunningWorker(known.Id, app, known.Release, known.Generation, identity, endPoint),
        ];
    }

    private static EndPoint? EndPointOf(string address)
    {
        if (address.StartsWith(UnixPrefix, StringComparison.Ordinal))
        {
            return new UnixDomainSocketEndPoint(address[UnixPrefix.Length..]);
        }

        return Uri.TryCreate(address, UriKind.Absolute, out var url) && IPAddress.TryParse(url.Host, out var host) ? new IPEndPoint(host, url.Port) : null;
    }
}
