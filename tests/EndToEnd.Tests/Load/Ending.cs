namespace BlueGreen.EndToEnd.Tests.Load;

/// <summary>What a <see cref="ScriptedServer"/> does with the connection after a reply.</summary>
public enum Ending
{
    /// <summary>Waits for the next request.</summary>
    Keep,

    /// <summary>Closes it (FIN).</summary>
    Close,

    /// <summary>Resets it (RST).</summary>
    Reset,

    /// <summary>Says nothing more and leaves it open.</summary>
    Silence,

    /// <summary>Waits until the client has closed its half, then sends an answer that nobody asked for.</summary>
    TalkAfterTheEnd,
}
