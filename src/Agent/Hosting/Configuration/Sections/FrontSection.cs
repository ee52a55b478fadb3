using BlueGreen.Agent.Hosting.Configuration.Binding;

namespace BlueGreen.Agent.Hosting.Configuration.Sections;

/// <summary>The keys at the top of the file.</summary>
internal static class FrontSection
{
    /// <summary>See <see cref="FrontOptions"/>.</summary>
    public static Section<FrontOptions> Section { get; } = new(CheckCertificates)
    {
        { "listen", ListenReader.Addresses, (front, listen) => front with { Listen = listen } },
        { "trustedProxies", TrustedProxiesReader.Networks, (front, trusted) => front with { TrustedProxies = trusted } },
        { "tls", TlsSection.Section, front => front.Tls, (front, tls) => front with { Tls = tls } },
        { "state", TextReaders.AbsolutePath("a folder"), (front, state) => front with { State = state } },
        { "limits", LimitsSection.Section, front => front.Limits, (front, limits) => front with { Limits = limits } },
        { "webhooks", WebhookSection.Webhooks, (front, webhooks) => front with { Webhooks = webhooks } },
        { "apps", AppsReader.Apps, (front, apps) => front with { Apps = apps }, AppsReader.Keys },
    };

    /// <summary>An https address that no client could get through to is a mistake.</summary>
    private static void CheckCertificates(FrontOptions front, IReadOnlyDictionary<string, ConfigurationValue> given)
    {
        if (front.Tls.Certificates.Count == 0 && front.Listen.FirstOrDefault(ListenAddress.IsHttps) is { } address)
        {
            given["listen"].Report($"{ListenAddress.Format(address)} needs a certificate: add one under tls.certificates");
        }
    }
}
