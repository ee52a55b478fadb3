using System.Text;
using BlueGreen.Agent.Control;
using BlueGreen.Agent.Control.Contracts;
using Microsoft.Win32.SafeHandles;

namespace BlueGreen.Agent.Cli;

/// <summary>Follows something that is run once to its end: prints what it prints, and makes its exit status this program's own.</summary>
internal sealed class RunOnceFollower(ControlClient front, string app, RunOnceOrder order, bool json)
{
    private const int StandardOutput = 1;

    private string? _id;

    /// <summary>Begins it, and follows it unless it is detached.</summary>
    public async Task<int> FollowAsync()
    {
        using var gone = new CancellationTokenSource();
        using var interruptions = new Interruptions(() => End(gone));
        using var either = CancellationTokenSource.CreateLinkedTokenSource(gone.Token, interruptions.Again);
        // Console.Out takes no notice of a reader that is gone, as that of a pipe to head(1): then nobody would end the command.
        await using var output = new FileStream(new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        RunOnceEvent? last = null;
        try
        {
            await foreach (var told in front.RunOnceAsync(app, order, either.Token))
            {
                (last, _id) = (told, told.Id);
                Show(told, output);
            }
        }
        catch (IOException)
        {
            // Leaving closes the connection, which ends the command.
            return ExitCodes.BrokenPipe;
        }

        return ExitCodeOf(last!);
    }

    /// <summary>The first Ctrl-C. What it still prints is shown; where it has not begun, leaving is enough.</summary>
    private void End(CancellationTokenSource gone)
    {
        if (_id is { } id && !order.Detach)
        {
            _ = EndAsync(id);
        }
        else
        {
            gone.Cancel();
        }
    }

    private async Task EndAsync(string id)
    {
        try
        {
            await front.EndRunOnceAsync(app, id, CancellationToken.None);
        }
        catch (UserError)
        {
            // The front is gone, and whoever follows it is told so.
        }
    }

    private void Show(RunOnceEvent told, FileStream output)
    {
        if (json)
        {
            CommandOutput.Json(told);
        }
        else if (told.Text is { } text)
        {
            output.Write(Encoding.UTF8.GetBytes(text));
        }
        else if (order.Detach)
        {
            CommandOutput.Line($"{app}: {told.Id} runs, pid {told.Pid}; its output is in 'bluegreen logs --app {app} --release {told.Release}'");
        }
    }

    /// <summary>Where it was ended, a line on standard error says so: without one, the exit code is the command's own.</summary>
    private int ExitCodeOf(RunOnceEvent last)
    {
        if (!last.IsLast)
        {
            return ExitCodes.Done;
        }

        switch (last)
        {
            case { Reason: null, ExitCode: { } status }:
                return status;
            case { Reason: "timeout" }:
                CommandOutput.Error($"{last.Id} had not ended within {order.TimeoutMs / 1000.0:0.###} s (--timeout), and was ended");
                return ExitCodes.TimedOut;
            case { Reason: "interrupted" }:
                CommandOutput.Error($"interrupted; {last.Id} was ended");
                return ExitCodes.Interrupted;
            case { Reason: "stopping" }:
                CommandOutput.Error($"{last.Id} was ended, since the front stops or has the app no more");
                return ExitCodes.NoFront;
            default:
                CommandOutput.Error($"{last.Id} was ended ({last.Reason}); the front's log says more");
                return ExitCodes.Failed;
        }
    }
}
