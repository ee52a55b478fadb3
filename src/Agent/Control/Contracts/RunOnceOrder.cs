namespace BlueGreen.Agent.Control.Contracts;

/// <summary>The body of POST /v1/apps/APP/run-once. A process type or arguments, or both.</summary>
internal sealed record RunOnceOrder
{
    /// <summary>The process type of the active release that is run. Default: none; then the first of the arguments is a program.</summary>
    public string? Process { get; init; }

    /// <summary>Come after the command line of the type; without one, the program and its arguments. No shell reads them.</summary>
    public IReadOnlyList<string>? Arguments { get; init; }

    /// <summary>Milliseconds it may take. Default: as long as it likes.</summary>
    public long? TimeoutMs { get; init; }

    /// <summary>It goes on when the client goes away; the answer is the first event alone. Default: it is ended then.</summary>
    public bool Detach { get; init; }
}
