using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace BlueGreen.Agent.AccessLogs;

/// <summary>What one line is written in. Each thread has one and uses it again and again, so that lines leave no garbage.</summary>
internal sealed class LineBuffer
{
    private const int Usual = 1024;

    /// <summary>
    /// Escapes what JSON wants escaped and whatever a terminal could take for a command, and leaves &amp; and umlauts to be read: these lines
    /// go into no web page.
    /// </summary>
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ArrayBufferWriter<byte> _bytes = new(Usual);

    public LineBuffer() => Json = new Utf8JsonWriter(_bytes, Options);

    /// <summary>Writes JSON into it; flushed and reset by whoever uses it.</summary>
    public Utf8JsonWriter Json { get; }

    /// <summary>What is written so far.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    /// <summary>The second that was written last, since those of a busy front are mostly the same.</summary>
    public LocalSecond Second { get; } = new();

    /// <summary>Begins the next line.</summary>
    public void Clear() => _bytes.ResetWrittenCount();

    /// <summary>Adds bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);

    /// <summary>Adds a value in its invariant form; <c>-</c> for none.</summary>
    /// <param name="value">The value.</param>
    /// <param name="longest">Bytes that it takes at most.</param>
    public void Add<T>(T? value, int longest)
        where T : IUtf8SpanFormattable
    {
        if (value is not null && value.TryFormat(_bytes.GetSpan(longest), out var length, default, null))
        {
            _bytes.Advance(length);
        }
        else
        {
            Add("-"u8);
        }
    }

    /// <summary>Room for so many bytes or more; <see cref="Advance"/> says how many were written.</summary>
    public Span<byte> Room(int bytes) => _bytes.GetSpan(bytes);

    /// <inheritdoc cref="Room"/>
    public void Advance(int bytes) => _bytes.Advance(bytes);
}
