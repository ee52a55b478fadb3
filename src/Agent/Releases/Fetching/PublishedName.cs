namespace BlueGreen.Agent.Releases.Fetching;

/// <summary>The name of a file that comes from elsewhere, made fit for a folder of ours, and what its first bytes say it is.</summary>
internal static class PublishedName
{
    private const string Fallback = "release";

    /// <summary>NAME_MAX of Linux is 255 bytes; room for an ending is left.</summary>
    private const int Longest = 200;

    /// <summary>The first of the names that is one.</summary>
    public static string Of(params ReadOnlySpan<string?> names)
    {
        foreach (var name in names)
        {
            if (Clean(name) is { Length: > 0 } clean)
            {
                return clean;
            }
        }

        return Fallback;
    }

    /// <summary>Whether a file begins like a web page: what servers answer that want a login, or have nothing.</summary>
    public static bool IsWebPage(string path)
    {
        using var reader = new StreamReader(path, System.Text.Encoding.Latin1, detectEncodingFromByteOrderMarks: true, bufferSize: 512);
        var head = new char[256];
        var start = head.AsSpan(0, reader.ReadBlock(head)).TrimStart();
        return start.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || start.StartsWith("<html", StringComparison.OrdinalIgnoreCase);
    }

    private static string Clean(string? name)
    {
        var last = name?.Split('/', '\\')[^1].Trim() ?? "";
        var kept = string.Concat(last.Where(c => !char.IsControl(c))).TrimStart('.');
        return kept.Length <= Longest ? kept : kept[^Longest..];
    }
}
