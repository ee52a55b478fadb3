using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Hosting.Webhooks;
using BlueGreen.Proxy;
using BlueGreen.Proxy.Listeners;
using BlueGreen.Proxy.Peers;
using BlueGreen.Proxy.Tls;

namespace BlueGreen.Agent.Hosting;

/// <summary>The whole configuration of a front: what <c>bluegreen.yaml</c> says, with defaults for what it does not.</summary>
internal sealed record FrontOptions
{
    /// <summary>The listener of a front that is told of none.</summary>
    public const string DefaultListen = "http://127.0.0.1:8080";

    /// <summary>
    /// Addresses the front listens on: <c>http://ADDRESS:PORT</c> or <c>https://ADDRESS:PORT</c>, where ADDRESS is an IP address, <c>localhost</c> or <c>*</c>
    /// and PORT is 0 to 65535 (0: any free one), each with an option of <see cref="ListenOption"/>, if any. At least one.
    /// </summary>
    public IReadOnlyList<Uri> Listen { get; init; } = [new Uri(DefaultListen)];

    /// <summary>Whose word on their clients is believed.</summary>
    public TrustedProxies TrustedProxies { get; init; } = TrustedProxies.ThisMachine;

    /// <summary>Certificates for the https addresses.</summary>
    public TlsOptions Tls { get; init; } = new();

    /// <summary>The state folder the file names, absolute; null where it names none.</summary>
    public string? State { get; init; }

    /// <summary>What clients may cost.</summary>
    public ClientLimits Limits { get; init; } = new();

    /// <summary>Where events of deployments are sent to.</summary>
    public IReadOnlyList<WebhookOptions> Webhooks { get; init; } = [];

    /// <summary>The apps, in the file's order. At least one.</summary>
    public IReadOnlyList<AppOptions> Apps { get; init; } = [new AppOptions()];
}
