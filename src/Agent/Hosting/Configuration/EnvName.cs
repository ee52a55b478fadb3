namespace BlueGreen.Agent.Hosting.Configuration;

/// <summary>The rules for names of environment variables under <c>env</c>.</summary>
internal static class EnvName
{
    private static readonly string[] SetByFront = ["PORT", "HOST", "SOCKET", "ASPNETCORE_URLS"];

    /// <summary>A POSIX name: letters, digits and <c>_</c>, not starting with a digit (IEEE Std 1003.1, 3.216 "Name").</summary>
    public static bool IsValid(string name) =>
        name.Length > 0
        && !char.IsAsciiDigit(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    /// <summary>Whether the front gives this variable to each worker itself, so a configured value would be lost.</summary>
    public static bool IsSetByFront(string name) =>
        SetByFront.Contains(name, StringComparer.Ordinal) || name.StartsWith("BLUEGREEN_", StringComparison.Ordinal);
}
