using System.Diagnostics;
using BlueGreen.Benchmarks.Running;
using BlueGreen.Benchmarks.Subjects;
using BlueGreen.Benchmarks.Traffic;

namespace BlueGreen.Benchmarks.Rows;

/// <summary>
/// What clients see of a switch: the latency in the second around it against that before. For bluegreen it is a deploy; for nginx a reload,
/// which changes its own processes and not the app's.
/// </summary>
/// <param name="name">Its name for --only.</param>
/// <param name="title">What it measures.</param>
/// <param name="load">Begins the load on an address.</param>
internal sealed class SwitchRow(string name, string title, Func<Uri, PacedLoad> load) : Row(name, title, new Topology(), Figure.Worse)
{
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(2);

    protected override bool Suits(Subject subject) => subject is BluegreenSubject || subject.Name == Peer.Nginx.Name;

    protected override async Task<Dictionary<Figure, double>?> MeasureAsync(Subject subject, Effort effort)
    {
        await using var running = load(subject.Address);
        await Task.Delay(Before, TimeLimit.Token);
        var begun = Stopwatch.GetTimestamp();
        if (await subject.SwitchAsync() is not { } switched)
            return null;
        await Task.Delay(After, TimeLimit.Token);
        await running.EndAsync();
        var second = Stopwatch.Frequency;
        // The load has a second to warm up; then what is before the switch was asked for.
        var before = running.P99(begun - (2 * second), begun);
        var during = running.P99(switched - (second / 2), switched + (second / 2));
        return new Dictionary<Figure, double>
        {
            [Figure.Worse] = during / before,
            [Figure.P99Before] = before.TotalMilliseconds,
            [Figure.P99During] = during.TotalMilliseconds,
            [Figure.P99After] = running.P99(switched + (second / 2), switched + (3 * second / 2)).TotalMilliseconds,
            [Figure.Failed] = running.Failed,
        };
    }
}
