namespace BlueGreen.Agent.Releases.Verification;

/// <summary>The file a release was made from, as it was verified.</summary>
/// <param name="Sha256">The digest of its bytes, 64 lower-case hexadecimal digits.</param>
/// <param name="SignedBy">The trusted key that has signed it, as in <see cref="TrustedKey.Id"/>. Null: it was not signed, or no key is trusted.</param>
/// <param name="Sequence">The sequence number that was signed with it, if any.</param>
internal sealed record VerifiedFile(string Sha256, string? SignedBy = null, long? Sequence = null);
