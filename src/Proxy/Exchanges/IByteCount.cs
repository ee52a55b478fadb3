namespace BlueGreen.Proxy.Exchanges;

/// <summary>Counts what is sent to a client.</summary>
internal interface IByteCount
{
    /// <summary>Bytes so far.</summary>
    long Bytes { get; }
}
