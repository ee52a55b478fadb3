using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace BlueGreen.Agent.Hosting.Configuration.Yaml;

/// <summary>
/// The parser, with every failure as a <see cref="YamlException"/>. YamlDotNet 18 throws others for some damaged texts: an
/// <see cref="InvalidOperationException"/> for a line in <c>{ }</c> that begins with a <c>`</c>, an
/// <see cref="ArgumentException"/> for <c>!![</c>. Neither may end a front that reloads.
/// </summary>
internal sealed class GuardedParser : IParser
{
    private readonly Scanner _scanner;
    private readonly Parser _parser;

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
        try
        {
            return _parser.MoveNext();
        }
        catch (Exception e) when (e is not YamlException)
        {
            var position = _scanner.CurrentPosition;
            throw new YamlException(position, position, "the text makes no sense from here on", e);
        }
    }
}
