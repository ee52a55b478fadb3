using BlueGreen.Agent.Hosting.Configuration.Binding;

namespace BlueGreen.Agent.Hosting.Configuration.Sections;

/// <summary>Reads <c>hosts</c>: one host name or a list of them, each once.</summary>
internal static class HostsReader
{
    /// <summary>Lower case; see <see cref="HostPattern"/>.</summary>
    public static ValueReader<IReadOnlyList<string>> Hosts { get; } = ListReaders.Of(
        TextReaders.Of<string>("a host name such as example.com", HostPattern.TryParse),
        (earlier, later) => earlier == later ? $"{later} is listed twice" : null);
}
