using System.Collections.Concurrent;
using System.Net;

namespace BlueGreen.Agent.Tests.Hosting.Webhooks;

/// <summary>Stands for the network and the receiver: notes what is sent, and answers as the test says.</summary>
internal sealed class Receiver(Func<int, HttpResponseMessage> answer) : HttpMessageHandler
{
    private readonly ConcurrentQueue<(HttpRequestMessage Request, byte[] Body)> _requests = [];

    public IReadOnlyList<(HttpRequestMessage Request, byte[] Body)> Requests => [.. _requests];

    /// <summary>One that answers with these, then with 200.</summary>
    public static Receiver Answering(params HttpStatusCode[] first) =>
        new(i => new HttpResponseMessage(i < first.Length ? first[i] : HttpStatusCode.OK));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var number = _requests.Count;
        _requests.Enqueue((request, await request.Content!.ReadAsByteArrayAsync(cancellationToken)));
        return answer(number);
    }
}
