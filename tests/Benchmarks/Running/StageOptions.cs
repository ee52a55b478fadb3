using BlueGreen.Benchmarks.Subjects;

namespace BlueGreen.Benchmarks.Running;

/// <summary>What is measured.</summary>
/// <param name="IsDirectMeasured">Whether the app is measured without a proxy too.</param>
/// <param name="IsForwarderMeasured">Whether YARP's forwarder is measured alone.</param>
/// <param name="Peers">The other proxies.</param>
/// <param name="Variants">The ways to run bluegreen; the first is the one the others are compared with.</param>
/// <param name="Budget">After this time no further round is begun.</param>
internal sealed record StageOptions(
    bool IsDirectMeasured, bool IsForwarderMeasured, IReadOnlyList<Peer> Peers, IReadOnlyList<Variant> Variants, TimeSpan Budget);
