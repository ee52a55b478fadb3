using System.Globalization;
using System.Security.Cryptography;

namespace BlueGreen.Agent.Releases;

/// <summary>
/// Names inside an app's folder for what is not a release: not yet one, or no longer. All start with a dot, are never listed, and
/// whatever of them outlives a crash is removed at the next start.
/// </summary>
internal static class HiddenName
{
    /// <summary>Whether a name in an app's folder is one of these.</summary>
    public static bool Is(string name) => name.StartsWith('.');

    /// <summary>A folder that content is copied into.</summary>
    public static string ForStaging() => $".staging-{Unique()}";

    /// <summary>A release's folder that is being deleted.</summary>
    public static string ForDeletion(string name) => $".deleted-{name}-{Unique()}";

    /// <summary>A description that is being written.</summary>
    public static string ForDescription(int number) =>
        string.Create(CultureInfo.InvariantCulture, $".{number}.json-{Unique()}");

    /// <summary>A link that is about to become the mark of the active release.</summary>
    public static string ForMark() => $".active-{Unique()}";

    /// <summary>A further name of a stored file, which is about to take the place of a copy of it.</summary>
    public static string ForLink() => $".link-{Unique()}";

    private static string Unique() => RandomNumberGenerator.GetHexString(8, lowercase: true);
}
