namespace BlueGreen.Harness;

/// <summary>What a command did.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Lines">What it printed.</param>
public sealed record CliResult(int Code, IReadOnlyList<OutputLine> Lines)
{
    /// <summary>Standard output.</summary>
    public string Output => Text(isError: false);

    /// <summary>Standard error.</summary>
    public string Errors => Text(isError: true);

    /// <summary>The events of a deployment, where it ran with --json.</summary>
    public IReadOnlyList<ToldEvent> Events => [.. Lines.Where(line => !line.IsError).Select(ToldEvent.Parse)];

    /// <summary>The names of the events.</summary>
    public IEnumerable<string> EventNames => Events.Select(told => told.Name);

    /// <summary>The event of a name.</summary>
    /// <exception cref="InvalidOperationException">It was not told, or twice.</exception>
    public ToldEvent Event(string name) => Events.Single(told => told.Name == name);

    /// <summary>Waits for the end of a command, until the test's time is over.</summary>
    public static async Task<CliResult> OfAsync(StartedProcess process)
    {
        ArgumentNullException.ThrowIfNull(process);
        await process.Exited.WaitAsync(TimeLimit.Token);
        return Of(process);
    }

    /// <summary>What a command did that has ended.</summary>
    public static CliResult Of(StartedProcess process)
    {
        ArgumentNullException.ThrowIfNull(process);
        return new CliResult(process.Exited.Result, process.Lines);
    }

    /// <summary>The exit code and everything printed, for the message of an assertion.</summary>
    public override string ToString() => $"exit code {Code}\n{string.Join('\n', Lines.Select(line => line.Text))}";

    private string Text(bool isError) =>
        string.Join('\n', Lines.Where(line => line.IsError == isError).Select(line => line.Text));
}
