namespace BlueGreen.Benchmarks.Subjects;

/// <summary>The app without a proxy: what is possible at most.</summary>
internal sealed class DirectSubject(Backends backends) : Subject(DirectSubject.Title, backends.Web, backends.WebHttp2)
{
    /// <summary>Its name in the tables.</summary>
    public const string Title = "direct";

    public override Uri Tool { get; } = backends.Tool;

    public override bool IsProxy => false;

    public override IReadOnlyList<int> Pids => [];

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
