using System.Text;

namespace BlueGreen.Load.Http;

/// <summary>
/// Gives the same string for the same bytes, since a load reads the same few header fields again and again. Owned by one
/// connection; remembers at most 512 texts of at most 128 bytes.
/// </summary>
internal sealed class TextCache
{
    private const int MostTexts = 512;
    private const int LongestText = 128;
    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);

    /// <summary>The bytes as text, each byte one character (RFC 9110, 5.5: fields are read as ISO-8859-1).</summary>
    public string Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > LongestText)
            return Encoding.Latin1.GetString(bytes);
        Span<char> text = stackalloc char[LongestText];
        text = text[..Encoding.Latin1.GetChars(bytes, text)];
        if (_texts.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out var known))
            return known;
        var added = text.ToString();
        if (_texts.Count < MostTexts)
            _texts.Add(added);
        return added;
    }
}
