using System.Globalization;
using BlueGreen.Agent.Workers.Limits;

namespace BlueGreen.Agent.Hosting.Configuration;

/// <summary>Compares two sets of limits of one process type.</summary>
internal static class ProcessLimitsDiff
{
    /// <summary>One line a changed key, in the order of the file's documentation; processes that run keep what they were started with.</summary>
    public static IEnumerable<string?> Between(string type, ProcessLimits old, ProcessLimits @new) =>
    [
        Line(type, "user", old.User, @new.User),
        Line(type, "group", old.Group, @new.Group),
        Line(type, "nice", Number(old.Nice), Number(@new.Nice)),
        Line(type, "files", Number(old.OpenFiles), Number(@new.OpenFiles)),
        Line(type, "memory", Size(old.Memory), Size(@new.Memory)),
        Line(type, "umask", Octal(old.Umask), Octal(@new.Umask)),
        Line(type, "folder", old.Folder, @new.Folder),
    ];

    private static string? Line(string type, string key, string? old, string? @new) =>
        old == @new ? null : $"processes.{type}.limits.{key} {old ?? "none"} -> {@new ?? "none"} (for processes started from now on)";

    private static string? Number(int? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string? Size(long? bytes) => bytes is { } size ? SizeText.Format(size) : null;

    private static string? Octal(UnixFileMode? mask) => mask is { } bits ? Convert.ToString((int)bits, 8).PadLeft(3, '0') : null;
}
