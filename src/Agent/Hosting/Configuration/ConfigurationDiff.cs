using System.Globalization;
using System.Net;

namespace BlueGreen.Agent.Hosting.Configuration;

/// <summary>Compares the configuration a front runs with the one it is to run.</summary>
internal static class ConfigurationDiff
{
    private const string AfterRestart = "(needs a restart of the front)";

    /// <summary>What is the front's first, then removed apps, then the apps of the new configuration in its order.</summary>
    public static ConfigurationChange Between(FrontOptions old, FrontOptions @new) =>
        new(
            [.. Trusted(old, @new), .. TlsDiff.Between(old.Tls, @new.Tls).Select(line => $"{line} (now)"), .. Webhooks(old, @new), .. Apps(old, @new)],
            [.. Front(old, @new)]);

    private static IEnumerable<string> Trusted(FrontOptions old, FrontOptions @new)
    {
        var (before, after) = (old.TrustedProxies.Networks, @new.TrustedProxies.Networks);
        if (!before.ToHashSet().SetEquals(after))
        {
            yield return $"trustedProxies {Text(before)} -> {Text(after)} (now)";
        }

        static string Text(IReadOnlyList<IPNetwork> networks) =>
            networks.Count == 0 ? "nobody" : string.Join(", ", networks.Select(NetworkText.Format));
    }

    private static IEnumerable<string> Front(FrontOptions old, FrontOptions @new)
    {
        // The order of addresses means nothing.
        if (!old.Listen.ToHashSet().SetEquals(@new.Listen))
        {
            yield return $"listen {Addresses(old)} -> {Addresses(@new)} {AfterRestart}";
        }

        if (old.State != @new.State)
        {
            yield return $"state {old.State ?? "default"} -> {@new.State ?? "default"} {AfterRestart}";
        }

        foreach (var line in LimitsDiff.Between(old.Limits, @new.Limits))
        {
            yield return $"{line} {AfterRestart}";
        }
    }

    /// <summary>Only their number: addresses may be secrets, too.</summary>
    private static IEnumerable<string> Webhooks(FrontOptions old, FrontOptions @new) =>
        old.Webhooks.SequenceEqual(@new.Webhooks)
            ? []
            : [string.Create(CultureInfo.InvariantCulture, $"webhooks changed, {old.Webhooks.Count} -> {@new.Webhooks.Count} (now)")];

    private static IEnumerable<string> Apps(FrontOptions old, FrontOptions @new)
    {
        var before = old.Apps.ToDictionary(app => app.Name);
        var removed = before.Keys.Except(@new.Apps.Select(app => app.Name)).Select(name => $"{name}: removed (now)");
        return removed.Concat(@new.Apps.SelectMany(app =>
            before.TryGetValue(app.Name, out var was) ? AppDiff.Between(was, app) : [$"{app.Name}: added (now)"]));
    }

    private static string Addresses(FrontOptions front) => string.Join(", ", front.Listen.Select(ListenAddress.Format));
}
