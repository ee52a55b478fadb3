using System.Runtime.InteropServices;
using BlueGreen.Benchmarks.CommandLine;
using BlueGreen.Benchmarks.Micro;
using BlueGreen.Benchmarks.Subjects;
using BlueGreen.Benchmarks.Traffic;
using BlueGreen.Benchmarks.WarmUp;

const int Interrupted = 130;
if (args is ["micro", .. var rest])
{
    MicroBenchmarks.Run(rest);
    return 0;
}
if (args is ["app"])
{
    // The signals that end it are the app's own to handle.
    await ColdApp.RunAsync();
    return 0;
}
using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(args is ["warm", ..] ? WarmUpArguments.Usage : BenchmarksArguments.Usage);
    return 0;
}
try
{
    // What this program starts as an app and as a proxy; nobody else need know of them.
    if (args is ["tool"])
    {
        await ToolServer.RunAsync(stop.Token);
        return 0;
    }
    if (args is ["forwarder", var port, var web, var tool])
    {
        await ForwarderProgram.RunAsync(port, web, tool, stop.Token);
        return 0;
    }
    if (args is ["warm", .. var options])
    {
        TimeLimit.Begin(stop.Token);
        return await WarmUpComparison.RunAsync(WarmUpArguments.Parse(options));
    }
    var arguments = BenchmarksArguments.Parse(args);
    Programs.Bluegreen = arguments.Bluegreen;
    TimeLimit.Begin(stop.Token);
    return await Comparison.RunAsync(arguments);
}
catch (FormatException e)
{
    Console.Error.WriteLine($"benchmarks: {e.Message} See benchmarks --help.");
    return 2;
}
catch (InvalidOperationException e)
{
    Console.Error.WriteLine($"benchmarks: {e.Message}");
    return 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.Error.WriteLine("benchmarks: interrupted");
    return Interrupted;
}

void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
