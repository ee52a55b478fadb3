using BlueGreen.Agent.Releases.Verification;

namespace BlueGreen.Agent.Releases;

/// <summary>An immutable, numbered copy of what was deployed, with all that is needed to start it again as it was.</summary>
internal sealed record Release
{
    /// <summary>1, 2, 3, ... within its app; never used twice while the release is stored.</summary>
    public required int Number { get; init; }

    /// <summary>The name people know it by.</summary>
    public required string Label { get; init; }

    /// <summary>
    /// <c>sha256:</c> and 64 lower-case hexadecimal digits over the content; see <see cref="Sources.ReleaseTree"/>.
    /// </summary>
    public required string Digest { get; init; }

    /// <summary>The absolute path it was copied from.</summary>
    public required string Source { get; init; }

    /// <summary>Who deployed it; null: nobody asked for it over the control socket.</summary>
    public Actor? By { get; init; }

    /// <summary>When it entered the store.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The bytes of all its files.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>How it is started.</summary>
    public required LaunchCommand Command { get; init; }

    /// <summary>How the processes of its other types are started, by type: <see cref="ProcessTypes.Release"/>, and those that run beside the workers.</summary>
    public IReadOnlyDictionary<string, LaunchCommand> Processes { get; init; } = new Dictionary<string, LaunchCommand>();

    /// <summary>The environment its app had configured when it was deployed. May hold secrets.</summary>
    public required IReadOnlyDictionary<string, string> Env { get; init; }

    /// <summary>The file it was made from and who signed that. Null: it was a folder, or an earlier version of this program stored it.</summary>
    public VerifiedFile? Verified { get; init; }

    /// <summary>
    /// Absolute path of its content. Follows from the number, so it is not stored: a state folder may be moved.
    /// </summary>
    public required string Directory { get; init; }
}
