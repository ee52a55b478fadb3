namespace BlueGreen.Agent.Releases.Fetching;

/// <summary>What is done when a source that is watched has something new.</summary>
internal enum NewContent
{
    /// <summary>It is deployed.</summary>
    Auto,

    /// <summary>It is said: in the log, by <c>status</c> and <c>check</c>.</summary>
    Notify,
}
