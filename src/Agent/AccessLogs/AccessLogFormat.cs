namespace BlueGreen.Agent.AccessLogs;

/// <summary>The form of an access log's lines.</summary>
internal enum AccessLogFormat
{
    /// <summary>As Apache and nginx name it, with fields added behind.</summary>
    Combined,

    /// <summary>One object a line.</summary>
    Json,
}
