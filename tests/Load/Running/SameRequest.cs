namespace BlueGreen.Load.Running;

/// <summary>The same request over and over.</summary>
internal sealed class SameRequest(byte[] request) : IRequestSource
{
    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Next(int connection, long number) => request;

    /// <inheritdoc/>
    public void Succeeded(int connection, long number)
    {
        // One GET is like another: nothing to remember.
    }
}
