namespace BlueGreen.Agent.Releases.Fetching;

/// <summary>A remote source did not give what was asked for. The message is one line for people, without any secret.</summary>
internal sealed class SourceException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Whether it may work when it is tried again.</summary>
    public bool IsTransient { get; init; }

    /// <summary>Another version took the place of the one that was being fetched.</summary>
    public bool IsChange { get; init; }

    /// <summary>How long the source wants to be left alone; null: it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The source has become another one while it was fetched.</summary>
    public static SourceException Changed(string source) =>
        new($"{source} changed while it was being downloaded; deploy again when nothing publishes there any more") { IsChange = true };
}
