using BlueGreen.Agent.Hosting.Configuration.Binding;

namespace BlueGreen.Agent.Hosting.Configuration.Sections;

/// <summary>The keys at the top of the file.</summary>
internal static class FrontSection
{
    /// <summary>See <see cref="FrontOptions"/>.</summary>
    public static Section<FrontOptions> Section { get; } = new()
    {
        { "listen", ListenReader.Addresses, (front, listen) => front with { Listen = listen } },
        { "state", TextReaders.AbsolutePath("a folder"), (front, state) => front with { State = state } },
        { "limits", LimitsSection.Section, front => front.Limits, (front, limits) => front with { Limits = limits } },
        { "apps", AppsReader.Apps, (front, apps) => front with { Apps = apps }, AppsReader.Keys },
    };
}
