using BlueGreen.Agent.Control.Contracts;

namespace BlueGreen.Agent.Cli;

/// <summary>How things are written for people, the same in every command.</summary>
internal static class Words
{
    /// <summary>What is not known, or does not apply.</summary>
    public const string None = "-";

    private const double Mebibyte = 1024 * 1024;

    /// <summary>A moment, in local time.</summary>
    public static string Moment(DateTimeOffset at) => $"{at.LocalDateTime:yyyy-MM-dd HH:mm:ss}";

    /// <summary>Who asked for something.</summary>
    public static string Who(ActorReport? by) => by is null ? None : by.User ?? $"uid {by.Uid}";

    /// <summary>The beginning of a digest, as much as people compare.</summary>
    public static string Digest(string? digest) => digest?[.."sha256:0123456789ab".Length] ?? None;

    /// <summary>A size.</summary>
    public static string Size(long bytes) => $"{bytes / Mebibyte:0.0} MiB";

    /// <summary>A time that something took.</summary>
    public static string Duration(long? milliseconds) => milliseconds switch
    {
        null => None,
        < 10_000 => $"{milliseconds} ms",
        _ => $"{milliseconds / 1000.0:0.0} s",
    };

    /// <summary>An outcome.</summary>
    public static string Outcome(string? outcome) => outcome switch
    {
        null => None,
        "rolledback" => "rolled back",
        _ => outcome,
    };
}
