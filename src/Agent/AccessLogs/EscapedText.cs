using System.Buffers;
using System.Text;

namespace BlueGreen.Agent.AccessLogs;

/// <summary>
/// Text of a client's in a line of the combined format, escaped as nginx does it: a quote, a backslash and whatever is not printable ASCII
/// becomes \xHH, byte by byte. So a quote in a line is always the end of a field, and a line feed the end of the line.
/// </summary>
internal static class EscapedText
{
    /// <summary>Characters of one text that are kept; what is longer was sent to fill the disk. nginx takes no longer ones either.</summary>
    public const int Longest = 8192;

    private static readonly SearchValues<char> Plain = SearchValues.Create(
        [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code).Except(['"', '\\'])]);

    /// <summary>Adds a text; <c>-</c> for none, <c>...</c> at the end of one that was cut.</summary>
    public static void Add(LineBuffer line, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            line.Add("-"u8);
            return;
        }

        var kept = text.AsSpan(0, Math.Min(text.Length, Longest));
        if (kept.ContainsAnyExcept(Plain))
        {
            AddEscaped(line, kept);
        }
        else
        {
            Ascii.FromUtf16(kept, line.Room(kept.Length), out var length);
            line.Advance(length);
        }

        if (kept.Length < text.Length)
        {
            line.Add("..."u8);
        }
    }

    private static void AddEscaped(LineBuffer line, ReadOnlySpan<char> text)
    {
        const int LongestEscape = 4;
        var room = line.Room(text.Length * LongestEscape);
        var length = 0;
        foreach (var character in text)
        {
            if (Plain.Contains(character))
            {
                room[length++] = (byte)character;
                continue;
            }

            // Each character is a byte; should one not be, its lower half stands for it.
            var code = (byte)character;
            room[length++] = (byte)'\\';
            room[length++] = (byte)'x';
            room[length++] = (byte)"0123456789ABCDEF"[code >> 4];
            room[length++] = (byte)"0123456789ABCDEF"[code & 0xf];
        }

        line.Advance(length);
    }
}
