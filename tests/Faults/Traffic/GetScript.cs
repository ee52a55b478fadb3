using BlueGreen.Load.Http;

namespace BlueGreen.Faults.Traffic;

/// <summary>The same GET over and over.</summary>
internal sealed class GetScript(ExchangeKind kind, Uri target, TimeSpan expected, TimeSpan pause, Predicate<string> isWhole) : IScript
{
    private readonly byte[] _request = HttpRequest.Get(target);

    /// <inheritdoc/>
    public ExchangeKind Kind => kind;

    /// <inheritdoc/>
    public TimeSpan Expected => expected;

    /// <inheritdoc/>
    public TimeSpan Pause => pause;

    /// <inheritdoc/>
    public (byte[] Bytes, string? Id) Next() => (_request, null);

    /// <inheritdoc/>
    public string? Fault(HttpAnswer answer) => isWhole(answer.Text) ? null : $"another content: {answer.Text}";
}
