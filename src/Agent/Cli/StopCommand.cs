using System.CommandLine;
using System.Diagnostics;

namespace BlueGreen.Agent.Cli;

/// <summary><c>bluegreen stop</c>.</summary>
internal static class StopCommand
{
    public static Command Create()
    {
        var state = CommonOptions.State();
        var command = new ExampledCommand("stop", "Stop the front: it accepts no more, finishes what is in flight, stops the workers. Returns when it is gone.",
            "bluegreen stop",
            "bluegreen stop --state /srv/bluegreen")
        {
            state,
        };
        command.SetAction(async (parsed, interrupted) =>
        {
            using var front = CommonOptions.Connect(parsed, state);
            var status = await front.StatusAsync(interrupted);
            using var process = Find(status.Pid);
            await front.StopAsync(interrupted);
            await (process?.WaitForExitAsync(interrupted) ?? Task.CompletedTask);
            CommandOutput.Line($"stopped the front with pid {status.Pid}");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Process? Find(int pid)
    {
        try
        {
            return Process.GetProcessById(pid);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
