namespace BlueGreen.Agent.Control.Contracts;

/// <summary>A SHA-256 as people write it.</summary>
internal static class Sha256Text
{
    /// <summary>What it must be, for messages.</summary>
    public const string Rule = "a SHA-256: 64 hexadecimal digits";

    private const int Length = 64;

    /// <summary>Whether a text is one.</summary>
    public static bool IsValid(string text) => text.Length == Length && text.All(char.IsAsciiHexDigit);
}
