namespace BlueGreen.Agent.Hosting;

/// <summary>The form of the front's own log, on standard output.</summary>
internal enum LogFormat
{
    /// <summary>Lines for people.</summary>
    Text,

    /// <summary>Compact JSON, one event a line (CLEF).</summary>
    Json,
}
