namespace BlueGreen.Agent.Releases.Fetching;

/// <summary>A place on another machine that releases come from. Used by one look or download at a time.</summary>
internal interface IRemoteSource : IDisposable
{
    /// <summary>Looks what is there, without fetching it.</summary>
    /// <param name="known">The <see cref="IRemoteVersion.Id"/> of the version that is known already, for a cheap answer; null: none.</param>
    /// <param name="cancel">Ends it.</param>
    /// <returns>The version that is there; null: the one that is known.</returns>
    /// <exception cref="SourceException">It cannot be reached, or has nothing.</exception>
    Task<IRemoteVersion?> LookAsync(string? known, CancellationToken cancel);
}
