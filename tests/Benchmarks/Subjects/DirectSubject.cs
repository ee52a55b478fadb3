namespace BlueGreen.Benchmarks.Subjects;

/// <summary>The app without a proxy: what is possible at most.</summary>
internal sealed class DirectSubject(Backends backends) : Subject("direct", backends.Web, backends.WebHttp2)
{
    public override Uri Tool { get; } = backends.Tool;

    public override bool IsProxy => false;

    public override IReadOnlyList<int> Pids => [];

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
