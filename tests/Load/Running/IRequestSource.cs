namespace BlueGreen.Load.Running;

/// <summary>What a load sends. Called by many connections at once, for one connection by one thread at a time.</summary>
internal interface IRequestSource
{
    /// <summary>The bytes of a connection's next request; <paramref name="number"/> counts from 0.</summary>
    ReadOnlyMemory<byte> Next(int connection, long number);

    /// <summary>That request got a whole 2xx answer.</summary>
    void Succeeded(int connection, long number);
}
