using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;

namespace BlueGreen.Benchmarks.Micro;

/// <summary>Measures single steps of a request, with what they allocate.</summary>
internal static class MicroBenchmarks
{
    /// <summary>Runs all, or those that the arguments of BenchmarkDotNet name.</summary>
    public static void Run(string[] arguments)
    {
        // In this process: a project made for the purpose would be built with the rules of this repository, and fail.
        var config = DefaultConfig.Instance
            .AddJob(Job.ShortRun.WithToolchain(InProcessNoEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "bluegreen-benchmarks"));
        Type[] all = [typeof(ClaimBenchmarks), typeof(SlowStartBenchmarks), typeof(RecentPathsBenchmarks), typeof(RouteBenchmarks)];
        if (arguments.Length == 0)
            BenchmarkRunner.Run(all, config);
        else
            BenchmarkSwitcher.FromTypes(all).Run(arguments, config);
    }
}
