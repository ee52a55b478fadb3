using BlueGreen.Agent.Releases.Disk;

namespace BlueGreen.Agent.Releases;

/// <summary>Puts what the operating system says while a release is copied into a line for people.</summary>
internal static class StagingFailure
{
    /// <summary>Whether a failure is one the user can do something about, rather than a bug.</summary>
    public static bool IsExpected(Exception failure) => failure is IOException or UnauthorizedAccessException;

    /// <summary>The line for a failure.</summary>
    /// <param name="failure">What happened.</param>
    /// <param name="source">What was being copied.</param>
    /// <param name="store">Where to.</param>
    public static ReleaseException Explain(Exception failure, string source, string store) => failure switch
    {
        IOException { HResult: Libc.NoSpaceLeft or Libc.QuotaExceeded } => new(
            $"no space left in {store} for a copy of {source}; free some, or keep fewer releases", failure),
        FileNotFoundException or DirectoryNotFoundException => new(
            $"{source} changed while it was being copied ({failure.Message.TrimEnd('.')}); "
            + "deploy again when nothing writes there any more", failure),
        _ => new($"cannot copy {source} to {store}: {failure.Message}", failure),
    };
}
