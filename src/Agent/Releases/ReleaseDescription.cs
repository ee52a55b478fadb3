using BlueGreen.Agent.Releases.Verification;

namespace BlueGreen.Agent.Releases;

/// <summary>
/// What is written about a release beside its content, in <c>N.json</c>. Fields a newer version added are ignored.
/// </summary>
internal sealed record ReleaseDescription
{
    /// <summary>The form this version writes, and the only one it reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The form of the file.</summary>
    public required int Version { get; init; }

    /// <inheritdoc cref="Release.Number"/>
    public required int Number { get; init; }

    /// <inheritdoc cref="Release.Label"/>
    public required string Label { get; init; }

    /// <inheritdoc cref="Release.Digest"/>
    public required string Digest { get; init; }

    /// <inheritdoc cref="Release.Source"/>
    public required string Source { get; init; }

    /// <inheritdoc cref="Release.By"/>
    public Actor? By { get; init; }

    /// <inheritdoc cref="Release.CreatedAt"/>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <inheritdoc cref="Release.SizeBytes"/>
    public required long SizeBytes { get; init; }

    /// <inheritdoc cref="Release.Command"/>
    public required LaunchCommand Command { get; init; }

    /// <summary>See <see cref="Release.Processes"/>. Null: none, or an earlier version of this program stored it.</summary>
    public IReadOnlyDictionary<string, LaunchCommand>? Processes { get; init; }

    /// <inheritdoc cref="Release.Env"/>
    public required IReadOnlyDictionary<string, string> Env { get; init; }

    /// <inheritdoc cref="Release.Verified"/>
    public VerifiedFile? Verified { get; init; }

    /// <summary>Describes a release.</summary>
    public static ReleaseDescription Of(Release release) => new()
    {
        Version = CurrentVersion,
        Number = release.Number,
        Label = release.Label,
        Digest = release.Digest,
        Source = release.Source,
        By = release.By,
        CreatedAt = release.CreatedAt,
        SizeBytes = release.SizeBytes,
        Command = release.Command,
        Processes = release.Processes.Count > 0 ? release.Processes : null,
        Env = release.Env,
        Verified = release.Verified,
    };

    /// <summary>The release this describes, whose content is in <paramref name="directory"/>.</summary>
    public Release ToRelease(string directory) => new()
    {
        Number = Number,
        Label = Label,
        Digest = Digest,
        Source = Source,
        By = By,
        CreatedAt = CreatedAt,
        SizeBytes = SizeBytes,
        Command = Command with { Directory = directory },
        Processes = (Processes ?? new Dictionary<string, LaunchCommand>()).ToDictionary(pair => pair.Key, pair => pair.Value with { Directory = directory }),
        Env = Env,
        Verified = Verified,
        Directory = directory,
    };
}
