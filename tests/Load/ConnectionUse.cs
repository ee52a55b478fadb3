namespace BlueGreen.Load;

/// <summary>How many requests one connection serves.</summary>
public enum ConnectionUse
{
    /// <summary>All of them; a connection that the server ends, announced or not, is a failure.</summary>
    Kept,

    /// <summary>One, which says <c>Connection: close</c>.</summary>
    OneRequestEach,
}
