namespace BlueGreen.Proxy.Exchanges;

/// <summary>How an exchange ended.</summary>
public enum ExchangeEnd
{
    /// <summary>No worker answered it whole: the front answered itself, or the answer broke off.</summary>
    Error,

    /// <summary>The whole answer of a worker was handed to the client's connection, or the upgraded connection was closed in order.</summary>
    Complete,

    /// <summary>The client went away before that, or its body broke off or came too slowly.</summary>
    ClientGone,

    /// <summary>A drain deadline cut it.</summary>
    Cut,
}
