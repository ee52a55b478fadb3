using BlueGreen.Load.Http;

namespace BlueGreen.Faults.Traffic;

/// <summary>What one kept connection asks, again and again. Called by that connection only.</summary>
internal interface IScript
{
    /// <summary>What kind of exchange it is.</summary>
    ExchangeKind Kind { get; }

    /// <summary>How long the worker takes to answer.</summary>
    TimeSpan Expected { get; }

    /// <summary>Time between an answer and the next request: clients are idle too.</summary>
    TimeSpan Pause { get; }

    /// <summary>The bytes of the next request, with its id where it has one.</summary>
    (byte[] Bytes, string? Id) Next();

    /// <summary>What is wrong with a whole 2xx answer; null when nothing is.</summary>
    string? Fault(HttpAnswer answer);
}
