using System.Text;
using System.Text.RegularExpressions;

namespace BlueGreen.Agent.Releases.Commands;

/// <summary>
/// The words of a command line that needs no shell, split by the rules of one (POSIX.1-2024, Shell Command Language, 2.2 Quoting
/// and 2.6 Word Expansions): quotes, backslashes, <c>$NAME</c> and <c>${NAME}</c>. An unquoted variable is split at white space.
/// </summary>
/// <param name="words">Each word's pieces.</param>
internal sealed class ShellWords(IReadOnlyList<IReadOnlyList<WordPiece>> words)
{
    private static readonly char[] WhiteSpace = [' ', '\t', '\n'];

    /// <summary>The words after expansion.</summary>
    /// <param name="value">The value of a variable.</param>
    public IReadOnlyList<string> Expand(Func<string, string> value)
    {
        var result = new List<string>();
        foreach (IReadOnlyList<WordPiece> word in words)
        {
            ExpandWord(word, value, result);
        }

        return result;
    }

    /// <summary>A word that stands for exactly this text.</summary>
    public static string Quote(string text) =>
        Regex.IsMatch(text, @"^[A-Za-z0-9_./:=@%+,-]+\z") ? text : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private static void ExpandWord(IReadOnlyList<WordPiece> word, Func<string, string> value, List<string> result)
    {
        StringBuilder? field = null;
        foreach (WordPiece piece in word)
        {
            string text = piece.IsVariable ? value(piece.Text) : piece.Text;
            if (piece is not { IsVariable: true, IsQuoted: false })
            {
                field = (field ?? new()).Append(text);
                continue;
            }

            string[] parts = text.Split(WhiteSpace);
            for (int i = 0; i < parts.Length; i++)
            {
                if (i > 0 && field is not null)
                {
                    result.Add(field.ToString());
                    field = null;
                }

                field = parts[i].Length > 0 ? (field ?? new()).Append(parts[i]) : field;
            }
        }

        if (field is not null)
        {
            result.Add(field.ToString());
        }
    }
}
