using System.Runtime.InteropServices;
using BlueGreen.Faults.CommandLine;

const int Interrupted = 130;
using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(FaultsArguments.Usage);
    return 0;
}
try
{
    var arguments = FaultsArguments.Parse(args);
    Programs.Bluegreen = arguments.Bluegreen ?? Programs.Bluegreen;
    TimeLimit.Begin(stop.Token);
    return await Commands.RunAsync(arguments);
}
catch (FormatException e)
{
    Console.Error.WriteLine($"faults: {e.Message} See faults --help.");
    return 2;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.Error.WriteLine("faults: interrupted");
    return Interrupted;
}

void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
