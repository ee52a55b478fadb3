namespace BlueGreen.Agent.Releases.Sources;

/// <summary>What a release's tree is made of. The values are the letters the digest is taken over.</summary>
internal enum TreeEntryKind
{
    /// <summary>A folder.</summary>
    Folder = 'd',

    /// <summary>A file nobody may execute.</summary>
    File = 'f',

    /// <summary>A file someone may execute.</summary>
    Program = 'x',

    /// <summary>A symbolic link.</summary>
    Link = 'l',
}
