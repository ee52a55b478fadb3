using System.Runtime.InteropServices;
using BlueGreen.Load;
using BlueGreen.Load.CommandLine;
using BlueGreen.Load.Reports;

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(LoadArguments.Usage);
    return 0;
}
try
{
    var arguments = LoadArguments.Parse(args);
    if (arguments.IsEndless)
        EndWithInput();
    return arguments.Posts ? await PostAsync(arguments) : await GetAsync(arguments);
}
catch (Exception e) when (e is FormatException or ArgumentException)
{
    Console.Error.WriteLine($"load: {e.Message} See load --help.");
    return 2;
}

async Task<int> GetAsync(LoadArguments arguments)
{
    var report = await new KeepAliveLoad(arguments.Options).RunAsync(stop.Token);
    Console.WriteLine(arguments.AsJson ? ReportJson.Of(report) : ReportText.Of(report));
    return report.IsFlawless ? 0 : 1;
}

async Task<int> PostAsync(LoadArguments arguments)
{
    var report = await new PostLoad(arguments.Options).RunAsync(arguments.RecordFile, stop.Token);
    Console.WriteLine(arguments.AsJson ? ReportJson.Of(report) : ReportText.Of(report));
    return (arguments.RecordFile is null ? report.Load.IsFlawless : report.IsExactlyOnce) ? 0 : 1;
}

void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

void EndWithInput() => new Thread(() =>
{
    while (Console.In.Read() >= 0)
    {
        // What is typed does not matter, only its end.
    }
    stop.Cancel();
})
{ IsBackground = true }.Start();
