namespace BlueGreen.Agent.Hosting.Configuration.Yaml;

/// <summary>A single value, kept as the text that was written: <c>on</c> stays <c>on</c>, <c>1.10</c> too.</summary>
/// <param name="Position">Where it begins.</param>
/// <param name="Text">The text, quotes and escapes undone.</param>
/// <param name="IsPlain">Written without quotes.</param>
internal sealed record YamlScalar(YamlPosition Position, string Text, bool IsPlain) : YamlNode(Position)
{
    /// <summary>Nothing was written, or one of YAML's words for it (YAML 1.2, 10.3.2).</summary>
    public bool IsNull => IsPlain && Text is "" or "~" or "null" or "Null" or "NULL";
}
