using BlueGreen.Benchmarks.Running;

namespace BlueGreen.Benchmarks.Rows;

/// <summary>One line of the comparison: the same thing measured of every subject in turn, again and again.</summary>
/// <param name="name">Its name for --only.</param>
/// <param name="title">What it measures.</param>
/// <param name="topology">What the proxies stand before.</param>
/// <param name="compared">The figure whose ratios are given.</param>
internal abstract class Row(string name, string title, Topology topology, Figure compared)
{
    /// <summary>Its name for --only.</summary>
    public string Name { get; } = name;

    /// <summary>What the proxies stand before.</summary>
    public Topology Topology { get; } = topology;

    /// <summary>Whether the quick run has it.</summary>
    public bool IsQuick { get; init; } = true;

    /// <summary>Runs its rounds.</summary>
    public async Task<RowResult> RunAsync(Stage stage, Effort effort)
    {
        var subjects = (await stage.SubjectsAsync(Topology)).Where(Suits).ToList();
        foreach (var subject in subjects.Where(subject => subject.NeedsWarming))
            await WarmAsync(subject, effort);
        var samples = new List<Sample>();
        for (var round = 0; round < effort.Rounds && (round == 0 || !stage.IsOverBudget); round++)
        {
            // Each round begins with another subject: what changes on the machine meanwhile does not always hurt the same one.
            for (var turn = 0; turn < subjects.Count; turn++)
            {
                var subject = subjects[(round + turn) % subjects.Count];
                TimeLimit.Token.ThrowIfCancellationRequested();
                if (await MeasureAsync(subject, effort) is { } figures)
                    samples.Add(new Sample(round, subject.Name, figures));
            }
        }
        var ordered = samples.OrderBy(sample => subjects.FindIndex(subject => subject.Name == sample.Subject)).ToList();
        return new RowResult(Name, title, compared, ordered, MachineLoad.Now);
    }

    /// <summary>Whether a subject can do what is measured.</summary>
    protected virtual bool Suits(Subjects.Subject subject) => true;

    /// <summary>Lets a subject compile what it will run.</summary>
    protected virtual Task WarmAsync(Subjects.Subject subject, Effort effort) => Task.CompletedTask;

    /// <summary>Measures one subject once; null where there is nothing to say.</summary>
    protected abstract Task<Dictionary<Figure, double>?> MeasureAsync(Subjects.Subject subject, Effort effort);
}
