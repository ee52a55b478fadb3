using BlueGreen.Agent.Releases;
using BlueGreen.Agent.Releases.Fetching;

namespace BlueGreen.Agent.Deployments;

/// <summary>What a deployment is asked to make live.</summary>
internal abstract record DeploymentRequest
{
    /// <summary>How long it may take until the switch. Null: the health deadline of the app bounds the wait for its workers.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>What began it.</summary>
    public DeploymentTrigger Trigger { get; init; } = DeploymentTrigger.Cli;

    /// <summary>Who asked for it over the control socket; null: nobody did.</summary>
    public Actor? By { get; init; }

    /// <summary>deploy, rollback or restart.</summary>
    public abstract string Kind { get; }

    /// <summary>For people: "deploy of /srv/v2".</summary>
    public abstract string Description { get; }

    /// <summary>A new release.</summary>
    /// <param name="From">Where it comes from.</param>
    /// <param name="Label">Null: the file or directory name, or the tag.</param>
    /// <param name="Command">Null: the app's, or found in the release.</param>
    public sealed record Deploy(SourceAddress From, string? Label, string? Command) : DeploymentRequest
    {
        /// <summary>Where it comes from, for people: without secrets.</summary>
        public string Source => From.Shown;

        /// <summary>The SHA-256 its file must have, 64 lower-case hexadecimal digits. Null: any.</summary>
        public string? Sha256 { get; init; }

        /// <summary>The copy that was made of it already; the deployment owns it. Null: it makes one.</summary>
        public StagedSource? Staged { get; init; }

        /// <inheritdoc/>
        public override string Kind => "deploy";

        /// <inheritdoc/>
        public override string Description => $"deploy of {Source}";
    }

    /// <summary>An earlier release; null: the one that served before.</summary>
    public sealed record Rollback(int? Release) : DeploymentRequest
    {
        /// <summary>Why the front itself asks for it; null: a person does.</summary>
        public string? Cause { get; init; }

        /// <summary>Whether the release phase of the release that is gone back to is run. Default: not.</summary>
        public bool ReleasePhase { get; init; }

        /// <inheritdoc/>
        public override string Kind => "rollback";

        /// <inheritdoc/>
        public override string Description =>
            $"{(Cause is null ? "" : "automatic ")}rollback{(Release is { } number ? $" to release {number}" : "")}";
    }

    /// <summary>Fresh workers of the active release.</summary>
    public sealed record Restart : DeploymentRequest
    {
        /// <inheritdoc/>
        public override string Kind => "restart";

        /// <inheritdoc/>
        public override string Description => "restart";
    }
}
