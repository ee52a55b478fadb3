using System.Globalization;

namespace BlueGreen.Agent.Deployments.WarmUps;

/// <summary>Statuses of answers: one, or all that begin with a digit.</summary>
/// <param name="First">The lowest.</param>
/// <param name="Last">The highest.</param>
internal sealed record StatusRange(int First, int Last)
{
    private const int Hundred = 100;

    /// <summary>All that begin with a digit: 2 for 2xx.</summary>
    public static StatusRange OfClass(int digit) => new(digit * Hundred, (digit * Hundred) + Hundred - 1);

    /// <summary>Whether a status is one of them.</summary>
    public bool Contains(int status) => status >= First && status <= Last;

    /// <summary>As in the configuration: <c>2xx</c>, <c>404</c>.</summary>
    public override string ToString() => First == Last
        ? First.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{First / Hundred}xx");
}
