using System.Diagnostics;
using System.Globalization;
using BlueGreen.Load;
using BlueGreen.Load.Http;
using BlueGreen.Load.Running;

namespace BlueGreen.Faults.Traffic;

/// <summary>
/// One client with one kept connection that retries nothing: every exchange is in the log once, as it went. It connects again only after a
/// failure.
/// </summary>
internal sealed class KeptClient(Uri front, IScript script, TimeSpan timeout, TrafficLog log)
{
    /// <summary>Keeps a front that is down from being asked thousands of times a second.</summary>
    private static readonly TimeSpan PauseWhenRefused = TimeSpan.FromMilliseconds(20);

    private HttpConnection? _connection;
    private long? _connectedAt;

    /// <summary>Runs until it is stopped; an exchange that was begun is waited for.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var deadline = new Deadline(timeout);
        while (!stop.IsCancellationRequested)
        {
            var refused = !await ExchangeAsync(deadline);
            await Task.Delay(refused ? PauseWhenRefused : script.Pause, CancellationToken.None);
        }
        Disconnect();
    }

    /// <returns>Whether there was a connection.</returns>
    private async Task<bool> ExchangeAsync(Deadline deadline)
    {
        var (bytes, id) = script.Next();
        var started = Stopwatch.GetTimestamp();
        try
        {
            var cancel = deadline.Start();
            var connection = _connection ?? await ConnectAsync(started, cancel);
            var answer = await connection.ExchangeAsync(bytes, cancel);
            var ended = Stopwatch.GetTimestamp();
            if (FailureOf(answer) is not { } failure)
            {
                log.Add(script.Kind, id, started, ended, script.Expected, answer.Header("X-Release"));
                return true;
            }
            log.Add(Failed(failure.Kind, failure.Detail, answer));
            if (answer.ClosesConnection)
                Disconnect();
        }
        catch (ExchangeFailedException e)
        {
            log.Add(Failed(e.Kind, e.Detail, e.Begun));
            Disconnect();
            return e.Kind != FailureKind.Refused;
        }
        catch (OperationCanceledException)
        {
            log.Add(Failed(FailureKind.TimedOut, $"no whole answer within {timeout.TotalSeconds} s", null));
            Disconnect();
        }
        return true;

        FailedExchange Failed(FailureKind kind, string detail, HttpAnswer? answer) => new()
        {
            Kind = script.Kind,
            Id = id,
            ConnectedAt = _connectedAt,
            Started = started,
            Ended = Stopwatch.GetTimestamp(),
            Failure = kind,
            Status = answer?.Status,
            WorkerPid = int.TryParse(answer?.Header("X-Pid"), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : null,
            Detail = detail,
        };
    }

    private async Task<HttpConnection> ConnectAsync(long asked, CancellationToken cancel)
    {
        _connection = await HttpConnection.ConnectAsync(front, keepBodies: true, cancel);
        _connectedAt = asked;
        return _connection;
    }

    private (FailureKind Kind, string Detail)? FailureOf(HttpAnswer answer)
    {
        if (!answer.Succeeded)
            return (FailureKind.BadStatus, answer.Text);
        if (answer.ClosesConnection)
            return (FailureKind.CloseAnnounced, "the end of the connection was announced");
        return script.Fault(answer) is { } fault ? (FailureKind.BadStatus, fault) : null;
    }

    private void Disconnect()
    {
        _connection?.Dispose();
        _connection = null;
        _connectedAt = null;
    }
}
