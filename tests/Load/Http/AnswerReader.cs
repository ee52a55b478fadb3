using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace BlueGreen.Load.Http;

/// <summary>The grammar of an HTTP/1.1 answer (RFC 9112), with nothing forgiven.</summary>
internal sealed class AnswerReader(WireReader wire, bool keepBodies)
{
    private static readonly SearchValues<byte> TokenBytes =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private readonly TextCache _texts = new();

    /// <summary>Reads one final answer to the end of its body; interim ones (1xx) are passed over.</summary>
    /// <exception cref="ExchangeFailedException">The answer is not whole or not well-formed.</exception>
    public async ValueTask<HttpAnswer> ReadAsync(CancellationToken cancel)
    {
        wire.BeginAnswer();
        HttpAnswer answer;
        do
            answer = await ReadHeadAsync(cancel);
        while (answer.Status is >= 100 and < 200 and not 101);
        if (answer.Status == 101)
            throw Malformed("101 Switching Protocols, which nobody asked for");
        try
        {
            await ReadBodyAsync(answer, cancel);
            return answer;
        }
        catch (ExchangeFailedException e)
        {
            throw new ExchangeFailedException(e.Kind, e.Detail) { Begun = answer };
        }
    }

    private async ValueTask<HttpAnswer> ReadHeadAsync(CancellationToken cancel)
    {
        var answer = new HttpAnswer();
        var isOld = ReadStatusLine(answer, (await wire.ReadLineAsync(cancel)).Span);
        await ReadFieldsAsync(answer.AddHeader, cancel);
        var connection = string.Join(',', answer.Values("Connection"));
        answer.ClosesConnection = isOld
            ? !connection.Contains("keep-alive", StringComparison.OrdinalIgnoreCase)
            : connection.Contains("close", StringComparison.OrdinalIgnoreCase);
        return answer;
    }

    /// <summary>Whether it is an answer of HTTP/1.0, where keeping a connection must be said.</summary>
    private static bool ReadStatusLine(HttpAnswer answer, ReadOnlySpan<byte> line)
    {
        var wellFormed = line.Length >= 13 && line.StartsWith("HTTP/1."u8) && line[7] is (byte)'0' or (byte)'1'
            && line[8] == ' ' && line[12] == ' ' && IsNumber(line[9..12]);
        if (!wellFormed)
            throw Malformed($"status line “{Excerpt(line)}”");
        answer.Status = ((line[9] - '0') * 100) + ((line[10] - '0') * 10) + line[11] - '0';
        if (answer.Status is < 100 or > 599)
            throw Malformed($"status {answer.Status}");
        return line[7] == '0';
    }

    private async ValueTask ReadFieldsAsync(Action<string, string> add, CancellationToken cancel)
    {
        while (true)
        {
            var line = await wire.ReadLineAsync(cancel);
            if (line.IsEmpty)
                return;
            ReadField(add, line.Span);
        }
    }

    private void ReadField(Action<string, string> add, ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        if (colon < 1 || line[..colon].ContainsAnyExcept(TokenBytes))
            throw Malformed($"header field “{Excerpt(line)}”");
        add(_texts.Of(line[..colon]), _texts.Of(line[(colon + 1)..].Trim(" \t"u8)));
    }

    private async ValueTask ReadBodyAsync(HttpAnswer answer, CancellationToken cancel)
    {
        var body = keepBodies ? new MemoryStream() : null;
        var coding = answer.Header("Transfer-Encoding");
        var length = ContentLength(answer);
        if (coding is not null && length is not null)
            throw Malformed("both Content-Length and Transfer-Encoding");
        if (answer.Status is 204 or 304)
            return;
        if (coding is not null)
            await ReadChunksAsync(answer, coding, body, cancel);
        else if (length is { } known)
            await ReadBytesAsync(answer, known, body, cancel);
        else
            await ReadToCloseAsync(answer, body, cancel);
        if (body is not null)
            answer.Body = body.ToArray();
    }

    private static long? ContentLength(HttpAnswer answer)
    {
        string? first = null;
        foreach (var value in answer.Values("Content-Length"))
            if (value != (first ??= value))
                throw Malformed($"two lengths, {first} and {value}");
        if (first is null)
            return null;
        return first.Length is > 0 and < 19 && first.All(char.IsAsciiDigit)
            ? long.Parse(first, System.Globalization.CultureInfo.InvariantCulture)
            : throw Malformed($"Content-Length “{first}”");
    }

    private async ValueTask ReadChunksAsync(HttpAnswer answer, string coding, MemoryStream? body, CancellationToken cancel)
    {
        if (!coding.Equals("chunked", StringComparison.OrdinalIgnoreCase))
            throw Malformed($"Transfer-Encoding “{coding}”");
        while (ChunkSize((await wire.ReadLineAsync(cancel)).Span) is var size && size > 0)
        {
            await ReadBytesAsync(answer, size, body, cancel);
            if (!(await wire.ReadLineAsync(cancel)).IsEmpty)
                throw Malformed($"a chunk longer than its {size} bytes");
        }
        await ReadFieldsAsync(answer.AddTrailer, cancel);
    }

    private static long ChunkSize(ReadOnlySpan<byte> line)
    {
        var end = line.IndexOf((byte)';');
        var digits = (end < 0 ? line : line[..end]).TrimEnd(" \t"u8);
        return Utf8Parser.TryParse(digits, out long size, out var used, 'x') && used == digits.Length && size >= 0
            ? size
            : throw Malformed($"chunk size “{Excerpt(line)}”");
    }

    private async ValueTask ReadBytesAsync(HttpAnswer answer, long count, MemoryStream? body, CancellationToken cancel)
    {
        while (count > 0)
        {
            var bytes = await wire.ReadSomeAsync(count, cancel);
            body?.Write(bytes.Span);
            answer.BodyLength += bytes.Length;
            count -= bytes.Length;
        }
    }

    private async ValueTask ReadToCloseAsync(HttpAnswer answer, MemoryStream? body, CancellationToken cancel)
    {
        answer.ClosesConnection = true;
        while (await wire.ReadToCloseAsync(cancel) is { IsEmpty: false } bytes)
        {
            body?.Write(bytes.Span);
            answer.BodyLength += bytes.Length;
        }
    }

    private static bool IsNumber(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private static string Excerpt(ReadOnlySpan<byte> line) => Encoding.Latin1.GetString(line[..Math.Min(line.Length, 60)]);

    private static ExchangeFailedException Malformed(string what) => new(FailureKind.Malformed, what);
}
