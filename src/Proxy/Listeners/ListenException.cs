namespace BlueGreen.Proxy.Listeners;

/// <summary>A listener could not be opened. The message is one line for the user: which address, why, what to do.</summary>
public sealed class ListenException : Exception
{
    /// <summary>Without a message; use another constructor.</summary>
    public ListenException()
    {
    }

    /// <summary>With the line for the user.</summary>
    public ListenException(string message)
        : base(message)
    {
    }

    /// <summary>With the line for the user and what caused it.</summary>
    public ListenException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
