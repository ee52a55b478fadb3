using System.Diagnostics;
using BlueGreen.Load.Http;

namespace BlueGreen.Load.Running;

/// <summary>One connection of a load: request after request until the allowance is used up. It reconnects only after a failure.</summary>
internal sealed class ConnectionRun(LoadOptions options, IRequestSource source, int index, Allowance allowance, Progress progress, Tally tally)
{
    /// <summary>Keeps a server that is down from being asked thousands of times a second.</summary>
    private static readonly TimeSpan PauseWhenUnreachable = TimeSpan.FromMilliseconds(10);

    private HttpConnection? _connection;

    /// <summary>Runs to the end; a request that was begun is always waited for.</summary>
    public async Task RunAsync()
    {
        using var deadline = new Deadline(options.Timeout);
        FailureKind? failure = null;
        while (allowance.TryTake())
        {
            failure = await RequestAsync(tally.Begin(), deadline);
            progress.Count();
            if (failure is FailureKind.Refused or FailureKind.ConnectFailed)
                await Task.Delay(PauseWhenUnreachable);
        }
        if (failure is null)
            await FinishAsync(deadline);
        Disconnect();
    }

    private async Task<FailureKind?> RequestAsync(long number, Deadline deadline)
    {
        var request = source.Next(index, number);
        var started = Stopwatch.GetTimestamp();
        try
        {
            var cancel = deadline.Start();
            var connection = _connection ??= await ConnectAsync(cancel);
            var answer = await connection.ExchangeAsync(request, cancel);
            var ended = Stopwatch.GetTimestamp();
            tally.AddAnswer(answer, started, ended);
            await CheckAsync(answer, cancel);
            tally.AddSuccess(started, ended);
            source.Succeeded(index, number);
            return null;
        }
        catch (ExchangeFailedException e)
        {
            return Fail(e.Kind, e.Detail);
        }
        catch (OperationCanceledException)
        {
            return Fail(FailureKind.TimedOut, $"no whole answer within {options.Timeout.TotalSeconds} s");
        }
    }

    private async Task<HttpConnection> ConnectAsync(CancellationToken cancel)
    {
        var connection = await HttpConnection.ConnectAsync(options.Target, keepBodies: false, cancel);
        tally.ConnectionsOpened++;
        return connection;
    }

    /// <summary>What a whole answer must be besides, and what becomes of its connection.</summary>
    private async ValueTask CheckAsync(HttpAnswer answer, CancellationToken cancel)
    {
        var ends = answer.ClosesConnection || options.Use == ConnectionUse.OneRequestEach;
        if (ends)
        {
            await _connection!.FinishAsync(cancel);
            Disconnect();
        }
        if (!answer.Succeeded)
            throw new ExchangeFailedException(FailureKind.BadStatus, $"status {answer.Status}, {answer.BodyLength} bytes");
        if (ends && options.Use == ConnectionUse.Kept)
            throw new ExchangeFailedException(FailureKind.CloseAnnounced, $"status {answer.Status} with the end of the connection");
    }

    /// <summary>Looks for bytes behind the last answer; they turn its request into a failure.</summary>
    private async Task FinishAsync(Deadline deadline)
    {
        if (_connection is null)
            return;
        try
        {
            await _connection.FinishAsync(deadline.Start());
        }
        catch (ExchangeFailedException e)
        {
            Fail(e.Kind, e.Detail);
        }
        catch (OperationCanceledException)
        {
            // The server keeps its half open; it owes no close, and every answer is in.
        }
    }

    private FailureKind Fail(FailureKind kind, string detail)
    {
        tally.AddFailure(kind, detail);
        if (kind != FailureKind.BadStatus)
            Disconnect();
        return kind;
    }

    private void Disconnect()
    {
        _connection?.Dispose();
        _connection = null;
    }
}
