namespace BlueGreen.Agent.AccessLogs;

/// <summary>How the access log of one app is kept.</summary>
internal sealed record AccessLogOptions
{
    /// <summary>The file, an absolute path. Null (the default): access.log beside the logs of the app's workers.</summary>
    public string? Path { get; init; }

    /// <summary>The form of its lines. Default combined.</summary>
    public AccessLogFormat Format { get; init; } = AccessLogFormat.Combined;

    /// <summary>
    /// Bytes after which the file is set aside and another begun. Default 100 MiB; 0: never, somebody else moves it away and sends HUP.
    /// </summary>
    public long Size { get; init; } = 100 << 20;

    /// <summary>Files set aside that are kept. Default 5; from 0 to 1000.</summary>
    public int Keep { get; init; } = 5;
}
