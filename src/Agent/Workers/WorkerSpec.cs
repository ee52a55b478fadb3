using BlueGreen.Agent.Workers.Limits;

namespace BlueGreen.Agent.Workers;

/// <summary>What to run as a worker: everything but the address, which is chosen at launch.</summary>
internal sealed record WorkerSpec
{
    /// <summary>APP.RELEASE.N; also the name of its log file.</summary>
    public required string Id { get; init; }

    /// <summary>The working folder: the release.</summary>
    public required string Directory { get; init; }

    /// <summary>The program and its arguments, given the whole environment of the worker.</summary>
    public required Func<IReadOnlyDictionary<string, string>, IReadOnlyList<string>> Arguments { get; init; }

    /// <summary>Added to the front's own environment.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>What the worker is to listen on.</summary>
    public required BindKind Bind { get; init; }

    /// <summary>Where its standard output and error are appended.</summary>
    public required WorkerLog Log { get; init; }

    /// <summary>Who it runs as, and what it may use. Null: as the front.</summary>
    public Confinement? Confinement { get; init; }

    /// <summary>The user it runs as; null: the front's own.</summary>
    public uint? User
    {
        get => field ?? Confinement?.Account?.Uid;
        init;
    }

    /// <summary>The path of its socket, where it binds one.</summary>
    public required string SocketPath { get; init; }
}
