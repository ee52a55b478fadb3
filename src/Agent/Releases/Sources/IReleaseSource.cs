namespace BlueGreen.Agent.Releases.Sources;

/// <summary>What a release is made from: a folder, one file, or an archive.</summary>
internal interface IReleaseSource
{
    /// <summary>The label of a release that is given none.</summary>
    string Label { get; }

    /// <summary>Copies the content.</summary>
    /// <exception cref="ReleaseException">The content cannot be a release.</exception>
    void CopyTo(ReleaseTree tree, CancellationToken cancellationToken);
}
