namespace BlueGreen.Agent.Releases.Verification;

/// <summary>Who has signed a file.</summary>
/// <param name="KeyId">See <see cref="TrustedKey.Id"/>.</param>
/// <param name="Sequence">The sequence number that was signed with it, if any.</param>
internal sealed record Signer(string KeyId, long? Sequence);
