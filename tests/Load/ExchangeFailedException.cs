using BlueGreen.Load.Http;

namespace BlueGreen.Load;

/// <summary>A request on an <see cref="HttpConnection"/> that got no whole, well-formed answer.</summary>
/// <param name="kind">What went wrong.</param>
/// <param name="detail">The particulars, in one line.</param>
public sealed class ExchangeFailedException(FailureKind kind, string detail) : Exception($"{kind}: {detail}")
{
    /// <summary>What went wrong.</summary>
    public FailureKind Kind { get; } = kind;

    /// <summary>The particulars, in one line.</summary>
    public string Detail { get; } = detail;

    /// <summary>The head of the answer, where that had come whole before its body broke off; null otherwise.</summary>
    public HttpAnswer? Begun { get; init; }
}
