using System.Text;
using System.Text.RegularExpressions;

namespace BlueGreen.Agent.Releases.Commands;

/// <summary>
/// Reads a command line as far as that is possible without a shell. Whatever has a meaning only a shell knows ends the reading
/// with null; better a shell too many than a line that means something else here than there.
/// </summary>
internal sealed partial class CommandLineParser(string line)
{
    private const string Operators = "|&;<>()`*?[\n\r";

    /// <summary>Reserved words and the built-ins that are no programs.</summary>
    private static readonly HashSet<string> ShellWordsOfItsOwn =
    [
        "!", "{", "case", "for", "if", "until", "while",
        ".", ":", "alias", "cd", "command", "eval", "exec", "export", "read", "readonly", "set", "shift", "source", "trap",
        "type", "ulimit", "umask", "unset", "wait",
    ];

    private readonly List<IReadOnlyList<WordPiece>> _words = [];
    private List<WordPiece>? _word;
    private StringBuilder? _text;
    private bool _isTextQuoted;
    private int _next;

    /// <summary>The words of a line, or null where it takes a shell to understand it.</summary>
    /// <exception cref="ReleaseException">A quote is not closed.</exception>
    public static ShellWords? Parse(string line) => new CommandLineParser(line.Trim()).Read();

    private ShellWords? Read()
    {
        bool isPlain = true;
        while (isPlain && _next < line.Length)
        {
            isPlain = ReadOne(line[_next++]);
        }

        EndWord();
        return isPlain && !StartsLikeShell() ? new ShellWords(_words) : null;
    }

    private bool ReadOne(char c)
    {
        switch (c)
        {
            case ' ' or '\t':
                EndWord();
                return true;
            case '\'':
                int end = line.IndexOf('\'', _next);
                Add(end >= 0 ? line[_next..end] : throw Unfinished("lacks a closing '"), isQuoted: true);
                _next = end + 1;
                return true;
            case '"':
                return ReadDoubleQuoted();
            case '\\' when _next < line.Length && line[_next] == '\n':
                return false;
            case '\\':
                Add(_next < line.Length ? line[_next++].ToString() : throw Unfinished("ends with a backslash"), isQuoted: true);
                return true;
            case '$':
                return ReadVariable(isQuoted: false);
            default:
                bool isFirst = _word is null && _text is null;
                Add(c.ToString(), isQuoted: false);
                return !Operators.Contains(c, StringComparison.Ordinal) && !(isFirst && c is '~' or '#');
        }
    }

    private bool ReadDoubleQuoted()
    {
        Add("", isQuoted: true);
        while (true)
        {
            if (_next >= line.Length)
            {
                throw Unfinished("lacks a closing \"");
            }

            char c = line[_next++];
            switch (c)
            {
                case '"':
                    return true;
                case '`':
                case '\\' when _next < line.Length && line[_next] == '\n':
                    return false;
                case '$' when !ReadVariable(isQuoted: true):
                    return false;
                case '$':
                    break;
                case '\\' when _next < line.Length && line[_next] is '$' or '`' or '"' or '\\':
                    Add(line[_next++].ToString(), isQuoted: true);
                    break;
                default:
                    Add(c.ToString(), isQuoted: true);
                    break;
            }
        }
    }

    /// <summary>
    /// Reads what follows a dollar sign. False: only a shell knows (<c>$(...)</c>, <c>${A:-b}</c>, <c>$1</c>, ...).
    /// </summary>
    private bool ReadVariable(bool isQuoted)
    {
        Match name = Variable().Match(line, _next);
        if (name.Success)
        {
            EndText();
            (_word ??= []).Add(new WordPiece(name.Groups["name"].Value, IsVariable: true, isQuoted));
            _next += name.Length;
            return true;
        }

        bool isLiteral = _next == line.Length || " \t/:,.=".Contains(line[_next], StringComparison.Ordinal)
            || (isQuoted && line[_next] == '"');
        Add("$", isQuoted);
        return isLiteral;
    }

    private bool StartsLikeShell() =>
        _words is [[{ IsVariable: false, IsQuoted: false, Text: var first }, ..], ..]
        && (Assignment().IsMatch(first) || (_words[0].Count == 1 && ShellWordsOfItsOwn.Contains(first)));

    private ReleaseException Unfinished(string what) => new($"the command {what}: {line}");

    private void Add(string text, bool isQuoted)
    {
        if (_text is null || _isTextQuoted != isQuoted)
        {
            EndText();
            _text = new StringBuilder();
            _isTextQuoted = isQuoted;
        }

        _text.Append(text);
    }

    private void EndText()
    {
        if (_text is not null)
        {
            (_word ??= []).Add(new WordPiece(_text.ToString(), IsVariable: false, _isTextQuoted));
            _text = null;
        }
    }

    private void EndWord()
    {
        EndText();
        if (_word is not null)
        {
            _words.Add(_word);
            _word = null;
        }
    }

    [GeneratedRegex(@"\G(?:(?<name>[A-Za-z_][A-Za-z0-9_]*)|\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\})")]
    private static partial Regex Variable();

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*=")]
    private static partial Regex Assignment();
}
