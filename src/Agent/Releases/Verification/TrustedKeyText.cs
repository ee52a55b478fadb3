namespace BlueGreen.Agent.Releases.Verification;

/// <summary>Reads trusted keys as users name them: a public key of minisign itself, or the path of a file with a key.</summary>
internal static class TrustedKeyText
{
    private const int LongestFile = 64 * 1024;

    /// <summary>Whether a text is meant as a key, not as a path.</summary>
    public static bool IsKey(string text) =>
        text.Length > 40 && text.StartsWith("RW", StringComparison.Ordinal) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '=');

    /// <summary>Reads a key.</summary>
    /// <param name="text">A key, or an absolute path.</param>
    /// <exception cref="ReleaseException">It is none, or its file cannot be read.</exception>
    public static TrustedKey Read(string text)
    {
        if (IsKey(text))
        {
            return MinisignKey.TryParse(text) ?? throw new ReleaseException($"'{text}' is no public key of minisign; check how it was copied");
        }

        string content;
        try
        {
            content = new FileInfo(text).Length <= LongestFile ? File.ReadAllText(text) : "";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ReleaseException($"the trusted key {text} cannot be read: {failure.Message.TrimEnd('.')}", failure);
        }

        if (content.Contains("PRIVATE KEY-----", StringComparison.Ordinal) || content.Contains("secret key", StringComparison.Ordinal))
        {
            throw new ReleaseException($"{text} holds a secret key; put only its public half there, and make a new pair if others could read this one");
        }

        return (content.Contains("-----BEGIN", StringComparison.Ordinal) ? EcdsaKey.TryParse(content) : (TrustedKey?)MinisignKey.TryParseFile(content))
            ?? throw new ReleaseException($"{text} holds no key that can be used: a public key of minisign, or an ECDSA P-256 public key in PEM");
    }
}
