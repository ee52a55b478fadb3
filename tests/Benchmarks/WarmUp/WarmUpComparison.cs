using System.Globalization;
using BlueGreen.Benchmarks.Running;

namespace BlueGreen.Benchmarks.WarmUp;

/// <summary>Deploys the app in each way in turn, round after round, by one front, and compares what the first requests took.</summary>
internal static class WarmUpComparison
{
    private const int Connections = 8;

    /// <summary>Runs it and prints the table.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(WarmUpArguments arguments)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{arguments.Bluegreen}\n{Environment.ProcessorCount} cores, load average {MachineLoad.Now:N1}; {arguments.Rounds} rounds, in turn; {arguments.Rate} requests a second over {Connections} connections\n"));
        var samples = new List<WarmUpSample>();
        var failed = 0;
        await using var front = await WarmUpFront.StartAsync(arguments);
        // The front is warm before anything is measured, and has deployed once: what is compared is the app.
        await MeasureAsync(front, DeployMode.Cold, arguments);
        for (var round = 0; round < arguments.Rounds; round++)
        {
            for (var turn = 0; turn < DeployMode.All.Count; turn++)
            {
                var mode = DeployMode.All[(round + turn) % DeployMode.All.Count];
                var (afterSwitch, afterFirst, failures) = await MeasureAsync(front, mode, arguments);
                samples.Add(new WarmUpSample(round, mode, afterSwitch, afterFirst));
                failed += failures;
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"round {round + 1}, {mode.Name}: p99 {afterSwitch.P99:N1} ms, max {afterSwitch.Max:N1} ms"));
            }
        }
        Console.WriteLine($"\n{WarmUpTable.Of(samples)}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{failed} requests failed; load average {MachineLoad.Now:N1}"));
        return failed == 0 ? 0 : 1;
    }

    private static async Task<(FirstRequests AfterSwitch, FirstRequests AfterFirst, int Failed)> MeasureAsync(
        WarmUpFront front, DeployMode mode, WarmUpArguments arguments)
    {
        await front.ConfigureAsync(mode.Configuration(arguments.SlowStartSeconds));
        await using var load = new ConstantLoad(front.Address, Connections, arguments.Rate);
        // The load itself has to get going, too.
        await Task.Delay(TimeSpan.FromSeconds(2), TimeLimit.Token);
        var release = await front.DeployAsync();
        await Task.Delay(TimeSpan.FromSeconds(1 + ((double)FirstRequests.Count / arguments.Rate)), TimeLimit.Token);
        var requests = await load.EndAsync();
        await front.SettledAsync();
        return (FirstRequests.AfterSwitch(requests, release), FirstRequests.AfterFirst(requests, release), load.Failed);
    }
}
