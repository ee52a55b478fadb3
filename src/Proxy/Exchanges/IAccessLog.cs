namespace BlueGreen.Proxy.Exchanges;

/// <summary>Is told of every exchange of an app, once, when it has ended. Where and how that is kept is no business of the data plane.</summary>
public interface IAccessLog
{
    /// <summary>Takes down one exchange. Called by the request itself, by many at once: must neither wait nor throw.</summary>
    void Write(in ExchangeRecord record);
}
