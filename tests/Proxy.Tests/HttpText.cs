using System.Globalization;
using System.Text;

namespace BlueGreen.Proxy.Tests;

/// <summary>Reads and writes HTTP/1.1 messages as the text they are on the wire.</summary>
internal static class HttpText
{
    public static string StartLine(this string head) => head[..head.IndexOf("\r\n", StringComparison.Ordinal)];

    /// <summary>All lines with this field's name, values only, in their order.</summary>
    public static string[] Fields(this string head, string name) =>
        [.. head.Split("\r\n").Skip(1)
            .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
            .Select(line => line[(name.Length + 1)..].Trim(' '))];

    /// <summary>The value of a field that stands in one line, or null.</summary>
    public static string? Field(this string head, string name) => head.Fields(name).SingleOrDefault();

    public static string Chunk(string data) => string.Create(CultureInfo.InvariantCulture, $"{data.Length:x}\r\n{data}\r\n");

    /// <summary>The data of a chunked body without its framing; throws when the body is not complete.</summary>
    public static string Unchunk(string body)
    {
        var data = new StringBuilder();
        while (true)
        {
            var line = body.IndexOf("\r\n", StringComparison.Ordinal);
            var size = int.Parse(body[..line], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (size == 0)
            {
                return data.ToString();
            }

            data.Append(body, line + 2, size);
            body = body[(line + 2 + size + 2)..];
        }
    }
}
