namespace BlueGreen.EndToEnd.Tests.Load;

/// <summary>What a <see cref="ScriptedServer"/> does with one request.</summary>
/// <param name="Bytes">What it sends, exactly.</param>
/// <param name="Ending">What becomes of the connection.</param>
internal sealed record Reply(string Bytes, Ending Ending = Ending.Keep)
{
    /// <summary>A faultless answer.</summary>
    public static Reply Good { get; } = From("1");

    /// <summary>A faultless answer of a release.</summary>
    public static Reply From(string release) =>
        new($"HTTP/1.1 200 OK\r\nX-Release: {release}\r\nX-Label: v{release}\r\nContent-Length: 5\r\n\r\nhello");
}
