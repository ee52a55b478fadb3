using System.Globalization;
using System.Text.Json;
using BlueGreen.Agent.Control.Contracts;
using BlueGreen.Agent.State;
using BlueGreen.Agent.Workers;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments.Hooks;

/// <summary>
/// Runs the operator's hooks, each with what is told as JSON on standard input and in the environment. A hook that fails changes nothing
/// by itself; that it did is logged, with its last lines.
/// </summary>
internal sealed class HookRunner(StateDirectory directory, ILogger<HookRunner> logger, TimeProvider time)
{
    private const string EventVariable = "BLUEGREEN_EVENT";
    private const string DeploymentVariable = "BLUEGREEN_DEPLOYMENT";

    /// <summary>Runs a hook to its end.</summary>
    /// <param name="app">The app.</param>
    /// <param name="options">Where it runs, and for how long it may.</param>
    /// <param name="hook">Its name.</param>
    /// <param name="command">Its command, which a shell reads.</param>
    /// <param name="told">What it hears.</param>
    /// <param name="cancel">Kills it.</param>
    public async Task<OneOffEnd> RunAsync(
        string app, HookOptions options, string hook, string command, DeploymentEvent told, CancellationToken cancel)
    {
        // Named as the logs of workers are, which are pruned with their release; 0: it never got a number.
        var name = string.Create(CultureInfo.InvariantCulture, $"{app}.{told.Release ?? 0}.{hook}.log");
        var end = await OneOff.RunAsync(
            new OneOffSpec
            {
                Task = hook,
                Directory = options.Directory,
                Arguments = _ => ["/bin/sh", "-c", command],
                Environment = EnvironmentOf(app, hook, told),
                Log = new WorkerLog(Path.Combine(OutputFolder.Of(directory, app, logger), name)),
                Input = Json(told) + "\n",
                Timeout = options.Timeout,
            },
            time, cancel);
        Log(app, hook, end);
        return end;
    }

    private void Log(string app, string hook, OneOffEnd end) => logger.Log(
        end.Succeeded ? LogLevel.Information : LogLevel.Warning,
        "Hook {Hook} of {App}: {End}; {Output}",
        hook, app,
        end.Exit is { } exit ? $"{exit.Description} after {exit.After.TotalSeconds:0.00} s" : "killed, its time (hooks.timeout) was over",
        end.Output is { Count: > 0 } output ? $"its last output: {string.Join(" | ", output)}" : "no output");

    private Dictionary<string, string> EnvironmentOf(string app, string hook, DeploymentEvent told)
    {
        var environment = new Dictionary<string, string>
        {
            [EventVariable] = hook,
            [WorkerVariables.App] = app,
            [WorkerVariables.State] = directory.Root,
            // Without the output: a variable holds 128 KiB (execve(2), MAX_ARG_STRLEN), and a program that holds more cannot be started.
            [DeploymentVariable] = Json(told with { Output = null }),
        };
        if (told.Release is { } release)
        {
            environment[WorkerVariables.Release] = release.ToString(CultureInfo.InvariantCulture);
            environment[WorkerVariables.Label] = told.Label ?? "";
        }

        return environment;
    }

    private static string Json(DeploymentEvent told) => JsonSerializer.Serialize(told, ControlJson.Lines.DeploymentEvent);
}
