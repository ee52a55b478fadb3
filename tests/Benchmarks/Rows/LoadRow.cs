using BlueGreen.Benchmarks.Running;
using BlueGreen.Benchmarks.Subjects;
using BlueGreen.Benchmarks.Traffic;

namespace BlueGreen.Benchmarks.Rows;

/// <summary>A row that measures a load: how many requests, how fast, and what each cost the proxy.</summary>
/// <param name="name">Its name for --only.</param>
/// <param name="title">What it measures.</param>
/// <param name="topology">What the proxies stand before.</param>
/// <param name="addressOf">Where the load goes; null where a subject cannot take it.</param>
/// <param name="load">Runs the load against an address for some seconds.</param>
internal sealed class LoadRow(
    string name, string title, Topology topology, Func<Subject, Uri?> addressOf, Func<Uri, int, Task<Measurement>> load)
    : Row(name, title, topology, Figure.Rate)
{
    /// <summary>Seconds of warming at most.</summary>
    private const int MostWarming = 16;

    /// <summary>Warm is what is not this much faster than the time before.</summary>
    private const double Faster = 1.05;

    protected override bool Suits(Subject subject) => addressOf(subject) is not null;

    protected override async Task WarmAsync(Subject subject, Effort effort)
    {
        long fastest = 0;
        for (var seconds = 0; seconds < MostWarming; seconds += effort.WarmSeconds)
        {
            var requests = (await load(addressOf(subject)!, effort.WarmSeconds)).Requests;
            if (requests < fastest * Faster)
                return;
            fastest = requests;
        }
    }

    protected override async Task<Dictionary<Figure, double>?> MeasureAsync(Subject subject, Effort effort)
    {
        var cost = ProcessCost.Of(subject.Pids);
        var measured = await load(addressOf(subject)!, effort.Seconds);
        var figures = measured.ToFigures();
        if (subject.IsProxy)
        {
            figures[Figure.Cpu] = cost.CpuMicroseconds / Math.Max(1, measured.Requests);
            figures[Figure.Peak] = cost.PeakMegabytes;
        }
        return figures;
    }
}
