using System.Text;

namespace BlueGreen.Load.Http;

/// <summary>Writes requests as bytes.</summary>
public static class HttpRequest
{
    /// <summary>A GET of an address.</summary>
    /// <param name="target">The address; its authority is the <c>Host</c>.</param>
    /// <param name="headers">Further fields; a <c>Host</c> replaces that of the address.</param>
    public static byte[] Get(Uri target, IReadOnlyDictionary<string, string>? headers = null) => Write("GET", target, headers, null);

    /// <summary>A POST of a text to an address.</summary>
    /// <param name="target">The address; its authority is the <c>Host</c>.</param>
    /// <param name="body">The body, sent as UTF-8 with its length.</param>
    /// <param name="headers">Further fields; a <c>Host</c> replaces that of the address.</param>
    public static byte[] Post(Uri target, string body, IReadOnlyDictionary<string, string>? headers = null) =>
        Write("POST", target, headers, body);

    private static byte[] Write(string method, Uri target, IReadOnlyDictionary<string, string>? headers, string? body)
    {
        ArgumentNullException.ThrowIfNull(target);
        var text = new StringBuilder().Append(method).Append(' ').Append(target.PathAndQuery).Append(" HTTP/1.1\r\n");
        var names = headers?.Keys ?? [];
        if (!names.Contains("Host", StringComparer.OrdinalIgnoreCase))
            text.Append("Host: ").Append(target.Authority).Append("\r\n");
        foreach (var name in names)
            text.Append(name).Append(": ").Append(headers![name]).Append("\r\n");
        if (body is not null)
            text.Append("Content-Length: ").Append(Encoding.UTF8.GetByteCount(body)).Append("\r\n");
        return Encoding.UTF8.GetBytes(text.Append("\r\n").Append(body).ToString());
    }
}
