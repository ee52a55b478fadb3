namespace BlueGreen.Agent.Releases.Fetching;

/// <summary>Content on its way.</summary>
/// <param name="Content">The bytes.</param>
/// <param name="Offset">Which byte of the whole comes first.</param>
/// <param name="Total">The bytes of the whole; null: not known before the end.</param>
/// <param name="Owner">What is to be given back after reading.</param>
/// <param name="Id">Tells it from another content at the same place; null: nothing does.</param>
internal sealed record OpenedContent(Stream Content, long Offset, long? Total, IDisposable Owner, string? Id = null) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Content.Dispose();
        Owner.Dispose();
    }
}
