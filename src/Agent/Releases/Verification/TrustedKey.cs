namespace BlueGreen.Agent.Releases.Verification;

/// <summary>A public key whose signatures are trusted.</summary>
internal abstract record TrustedKey
{
    /// <summary>Which key it is, for people and for <c>--json</c>: <c>minisign:</c> or <c>ecdsa:</c> and up to 16 hexadecimal digits.</summary>
    public abstract string Id { get; }

    /// <summary>What is added to a file's name to get that of its signature.</summary>
    public abstract string SignatureEnding { get; }
}
