namespace BlueGreen.Agent.Releases.Commands;

/// <summary>What the <c>X.runtimeconfig.json</c> of a .NET application tells of it.</summary>
internal static class DotnetApplication
{
    /// <summary>What its file is called after its name.</summary>
    public const string Ending = ".runtimeconfig.json";

    /// <summary>Whether it runs on ASP.NET Core, installed or included.</summary>
    /// <param name="path">A file; false for one of another name, or that cannot be read.</param>
    public static bool IsForTheWeb(string path)
    {
        try
        {
            return path.EndsWith(Ending, StringComparison.Ordinal)
                && File.ReadAllText(path).Contains("\"Microsoft.AspNetCore.App\"", StringComparison.Ordinal);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
