namespace BlueGreen.Agent.Hosting.Webhooks;

/// <summary>Where events of deployments are sent to.</summary>
internal sealed record WebhookOptions
{
    /// <summary>The events that are sent where none are named.</summary>
    public static readonly IReadOnlyList<string> DefaultEvents = ["completed", "failed", "rolledback"];

    /// <summary>All there are.</summary>
    public static readonly IReadOnlyList<string> AllEvents =
        ["fetching", "preparing", "checking", "releasing", "starting", "probing", "warming", "handingover", "switched", "draining", .. DefaultEvents];

    /// <summary>http or https. May hold a secret, so no message holds more of it than <see cref="Place"/>.</summary>
    public Uri? Url { get; init; }

    /// <summary>What the signature is made with; null: <see cref="SecretFile"/>, else there is none.</summary>
    public string? Secret { get; init; }

    /// <summary>A file that holds the secret; read for each delivery.</summary>
    public string? SecretFile { get; init; }

    /// <summary>The events that are sent.</summary>
    public IReadOnlyList<string> Events { get; init; } = DefaultEvents;

    /// <summary>The apps whose events are sent; empty: all.</summary>
    public IReadOnlyList<string> Apps { get; init; } = [];

    /// <summary>For messages: scheme, host and port.</summary>
    public string Place => Url!.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);

    /// <summary>Whether it is to hear of an event.</summary>
    public bool Wants(string app, string happened) => Events.Contains(happened) && (Apps.Count == 0 || Apps.Contains(app));

    /// <inheritdoc/>
    public bool Equals(WebhookOptions? other) =>
        other is not null && Url == other.Url && Secret == other.Secret && SecretFile == other.SecretFile
        && Events.SequenceEqual(other.Events) && Apps.SequenceEqual(other.Apps);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Url, Secret, SecretFile);
}
