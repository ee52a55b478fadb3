using System.Text;
using BlueGreen.Load.Http;

namespace BlueGreen.EndToEnd.Tests.Harness;

/// <summary>A request that stays in flight until the test lets it end: a POST whose body comes in two parts.</summary>
public sealed class HeldRequest : IDisposable
{
    private const string Start = "first ";
    private const string End = "last";
    private readonly HttpConnection _connection;

    private HeldRequest(HttpConnection connection)
    {
        _connection = connection;
    }

    /// <summary>Sends the first part to the app at <c>/</c> and waits until a worker has it.</summary>
    public static async Task<HeldRequest> SendAsync(Front front)
    {
        ArgumentNullException.ThrowIfNull(front);
        var before = await InFlightAsync(front);
        var connection = await HttpConnection.ConnectAsync(front.Address, cancel: TestContext.Current.CancellationToken);
        await connection.SendAsync(
            Encoding.ASCII.GetBytes($"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: {Start.Length + End.Length}\r\n\r\n{Start}"),
            TestContext.Current.CancellationToken);
        await Until.TrueAsync(async () => await InFlightAsync(front) > before);
        return new HeldRequest(connection);
    }

    /// <summary>Sends the rest and waits for the answer.</summary>
    /// <returns>The number of the release that gave it.</returns>
    /// <exception cref="BlueGreen.Load.ExchangeFailedException">It was cut.</exception>
    public async Task<string> FinishAsync()
    {
        await _connection.SendAsync(Encoding.ASCII.GetBytes(End), TestContext.Current.CancellationToken);
        var answer = await _connection.ReadAnswerAsync(TestContext.Current.CancellationToken);
        Assert.Equal((200, Start + End), (answer.Status, answer.Text));
        return answer.Header("X-Release")!;
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private static async Task<int> InFlightAsync(Front front) =>
        (await front.StatusAsync()).App().Active?.Workers.Sum(worker => worker.InFlight.Total) ?? 0;
}
