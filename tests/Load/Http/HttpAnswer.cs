namespace BlueGreen.Load.Http;

/// <summary>A whole answer as it came over the wire.</summary>
public sealed class HttpAnswer
{
    private readonly List<KeyValuePair<string, string>> _headers = [];
    private readonly List<KeyValuePair<string, string>> _trailers = [];

    /// <summary>The status code, 200 to 599: interim answers are passed over.</summary>
    public int Status { get; internal set; }

    /// <summary>The header fields in their order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers => _headers;

    /// <summary>The fields behind a chunked body.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Trailers => _trailers;

    /// <summary>The body without its framing; empty when the connection was told not to keep bodies.</summary>
    public ReadOnlyMemory<byte> Body { get; internal set; }

    /// <summary>Bytes of the body, whether kept or not.</summary>
    public long BodyLength { get; internal set; }

    /// <summary>Whether this answer is the last one of its connection.</summary>
    public bool ClosesConnection { get; internal set; }

    /// <summary>Whether the status is 2xx.</summary>
    public bool Succeeded => Status is >= 200 and < 300;

    /// <summary>The body as text.</summary>
    public string Text => System.Text.Encoding.UTF8.GetString(Body.Span);

    /// <summary>The first value of a header field, whatever its case; null where there is none.</summary>
    public string? Header(string name) => Find(_headers, name);

    /// <summary>The first value of a trailer field, whatever its case; null where there is none.</summary>
    public string? Trailer(string name) => Find(_trailers, name);

    internal void AddHeader(string name, string value) => _headers.Add(new(name, value));

    internal void AddTrailer(string name, string value) => _trailers.Add(new(name, value));

    internal IEnumerable<string> Values(string name) =>
        from field in _headers where field.Key.Equals(name, StringComparison.OrdinalIgnoreCase) select field.Value;

    private static string? Find(List<KeyValuePair<string, string>> fields, string name)
    {
        foreach (var field in fields)
            if (field.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
                return field.Value;
        return null;
    }
}
