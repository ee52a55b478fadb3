using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace BlueGreen.Agent.Hosting.Configuration.Yaml;

/// <summary>
/// The parser, with bounded nesting and with every failure as a <see cref="YamlException"/>. YamlDotNet 18 throws others for some damaged texts: an
/// <see cref="InvalidOperationException"/> for a line in <c>{ }</c> that begins with a <c>`</c>, an
/// <see cref="ArgumentException"/> for <c>!![</c>. Neither may end a front that reloads.
/// </summary>
internal sealed class GuardedParser : IParser
{
    /// <summary>
    /// The schema is four levels deep. Without a bound, a file of nothing but brackets exhausts the stack of whoever composes
    /// it, and the parser's time grows with the square of its size.
    /// </summary>
    private const int MaxDepth = 32;

    /// <summary>What is said where the parser itself does not know why.</summary>
    public const string NoSense = "the text makes no sense from here on";

    private readonly Scanner _scanner;
    private readonly Parser _parser;

    // The stream and the document around all of it are no levels to those who write it.
    private int _depth = -2;

    public GuardedParser(string text)
    {
        _scanner = new Scanner(new StringReader(text), skipComments: true);
        _parser = new Parser(_scanner);
    }

    /// <inheritdoc />
    public ParsingEvent? Current => _parser.Current;

    /// <inheritdoc />
    public bool MoveNext()
    {
        var moved = Advance();
        _depth += Current?.NestingIncrease ?? 0;
        return _depth <= MaxDepth
            ? moved
            : throw new YamlException(Current!.Start, Current.End, $"nested more than {MaxDepth} levels deep");
    }

    private bool Advance()
    {
        try
        {
            return _parser.MoveNext();
        }
        catch (Exception e) when (e is not YamlException)
        {
            var position = _scanner.CurrentPosition;
            throw new YamlException(position, position, NoSense, e);
        }
    }
}
