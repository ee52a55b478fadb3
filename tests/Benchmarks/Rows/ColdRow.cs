using BlueGreen.Benchmarks.Running;
using BlueGreen.Benchmarks.Subjects;

namespace BlueGreen.Benchmarks.Rows;

/// <summary>From the start of the program to its first answer. The front also starts its worker in that time, the others have theirs running.</summary>
internal sealed class ColdRow(Stage stage) : Row("cold", "cold start to the first answer", new Topology(), Figure.FirstAnswer)
{
    protected override bool Suits(Subject subject) => subject is BluegreenSubject or PeerSubject;

    protected override async Task<Dictionary<Figure, double>?> MeasureAsync(Subject subject, Effort effort)
    {
        var took = await stage.ColdStartAsync(subject);
        return new Dictionary<Figure, double> { [Figure.FirstAnswer] = took.TotalMilliseconds };
    }
}
