using System.Globalization;
using BlueGreen.Proxy;

namespace BlueGreen.Agent.Hosting.Configuration;

/// <summary>Compares two sets of limits of one front.</summary>
internal static class LimitsDiff
{
    /// <summary>One line a changed key, in the order of the file's documentation.</summary>
    public static IEnumerable<string> Between(ClientLimits old, ClientLimits @new)
    {
        IEnumerable<string?> lines =
        [
            Line("connections", Connections(old), Connections(@new)),
            Line("headers", DurationText.Format(old.Headers), DurationText.Format(@new.Headers)),
            Line("keepAlive", DurationText.Format(old.KeepAlive), DurationText.Format(@new.KeepAlive)),
            Line("requestRate", Number(old.RequestRate), Number(@new.RequestRate)),
            Line("responseRate", Number(old.ResponseRate), Number(@new.ResponseRate)),
            Line("grace", DurationText.Format(old.Grace), DurationText.Format(@new.Grace)),
        ];
        return lines.OfType<string>();
    }

    private static string? Line(string key, string old, string @new) => old == @new ? null : $"limits.{key} {old} -> {@new}";

    private static string Connections(ClientLimits limits) => limits.Connections is { } most ? Number(most) : "default";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
