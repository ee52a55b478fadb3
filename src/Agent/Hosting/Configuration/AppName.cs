namespace BlueGreen.Agent.Hosting.Configuration;

/// <summary>
/// The rule for names of apps, and of their process types. A name is also part of names in the state folder and a word on the command line.
/// </summary>
internal static class AppName
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxLength = 64;

    /// <summary>The rule in words, for messages.</summary>
    public const string Rule = "letters, digits, '-' and '_', the first a letter or digit, at most 64";

    /// <summary>Whether the name follows <see cref="Rule"/>; letters are those of ASCII.</summary>
    public static bool IsValid(string name) =>
        name.Length is > 0 and <= MaxLength
        && char.IsAsciiLetterOrDigit(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
