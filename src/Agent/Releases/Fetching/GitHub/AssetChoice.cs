using System.IO.Enumeration;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace BlueGreen.Agent.Releases.Fetching.GitHub;

/// <summary>
/// Which asset of a release is meant: the one that matches a pattern; else the only one for this system and processor; else the only one
/// that names neither. Signatures and digests do not count.
/// </summary>
internal static partial class AssetChoice
{
    private static readonly Dictionary<Architecture, string[]> Processors = new()
    {
        [Architecture.X64] = ["x64", "x86_64", "x86-64", "amd64"],
        [Architecture.Arm64] = ["arm64", "aarch64"],
        [Architecture.X86] = ["x86", "i386", "i686", "386"],
        [Architecture.Arm] = ["arm", "armv7", "armv6", "armhf", "armv7l"],
    };

    private static readonly string[] OtherSystems = ["windows", "win", "win32", "win64", "darwin", "macos", "osx", "mac", "freebsd", "openbsd", "netbsd", "android"];

    /// <summary>Chooses.</summary>
    /// <param name="names">The assets.</param>
    /// <param name="pattern">A name with <c>*</c> and <c>?</c>; null: by system and processor.</param>
    /// <param name="processor">The processor.</param>
    /// <returns>The asset, or why there is none.</returns>
    public static (string? Name, string? Problem) Among(IReadOnlyCollection<string> names, string? pattern, Architecture processor)
    {
        string[] candidates = [.. names.Where(name => !Beside().IsMatch(name))];
        if (candidates.Length == 0)
        {
            return (null, "has no assets to deploy");
        }

        if (pattern is not null)
        {
            return candidates.Where(name => FileSystemName.MatchesSimpleExpression(pattern, name)).ToArray() is [var one]
                ? (one, null)
                : (null, $"needs exactly one asset that matches '{pattern}' (source.github.asset); it has {List(candidates)}");
        }

        string[] ours = [.. candidates.Where(name => IsFor(name, processor))];
        return (ours.Length > 0 ? ours : [.. candidates.Where(IsForAny)]) is [var only]
            ? (only, null)
            : (null, $"has {(ours.Length > 1 ? "several assets" : "no asset")} for Linux on {processor.ToString().ToLowerInvariant()}; "
                + $"choose one by source.github.asset: {List(candidates)}");
    }

    private static bool IsFor(string name, Architecture processor)
    {
        var words = WordsOf(name);
        return !words.Overlaps(OtherSystems) && Processors.TryGetValue(processor, out var own) && Array.Exists(own, words.Contains);
    }

    /// <summary>It names no other system, and no processor at all.</summary>
    private static bool IsForAny(string name)
    {
        var words = WordsOf(name);
        return !words.Overlaps(OtherSystems) && !Processors.Values.Any(spellings => words.Overlaps(spellings));
    }

    private static HashSet<string> WordsOf(string name)
    {
        // The processor with a separator inside is one word.
        var whole = name.ToLowerInvariant().Replace("x86_64", "x64", StringComparison.Ordinal).Replace("x86-64", "x64", StringComparison.Ordinal);
        return [.. Separators().Split(whole)];
    }

    private static string List(IEnumerable<string> names) => string.Join(", ", names);

    [GeneratedRegex(@"\.(minisig|sig|asc|pem|crt|cert|sha1|sha256|sha512|sha256sum|md5|sbom|sbom\.json|spdx\.json|txt|intoto\.jsonl|bundle|deb|rpm|apk)$|SUMS$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Beside();

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex Separators();
}
