using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using BlueGreen.Proxy.Exchanges;

namespace BlueGreen.Agent.AccessLogs;

/// <summary>One JSON object a line. Every field is there in every line, null where there is nothing to say; names are a promise.</summary>
internal static class JsonLine
{
    private const string Moment = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
    private const int LongestMoment = 32;
    private const int LongestAddress = 65;

    private static readonly JsonEncodedText Time = JsonEncodedText.Encode("time");
    private static readonly JsonEncodedText Client = JsonEncodedText.Encode("client");
    private static readonly JsonEncodedText Method = JsonEncodedText.Encode("method");
    private static readonly JsonEncodedText Target = JsonEncodedText.Encode("target");
    private static readonly JsonEncodedText Protocol = JsonEncodedText.Encode("protocol");
    private static readonly JsonEncodedText Host = JsonEncodedText.Encode("host");
    private static readonly JsonEncodedText Status = JsonEncodedText.Encode("status");
    private static readonly JsonEncodedText Bytes = JsonEncodedText.Encode("bytes");
    private static readonly JsonEncodedText Referer = JsonEncodedText.Encode("referer");
    private static readonly JsonEncodedText UserAgent = JsonEncodedText.Encode("userAgent");
    private static readonly JsonEncodedText App = JsonEncodedText.Encode("app");
    private static readonly JsonEncodedText Release = JsonEncodedText.Encode("release");
    private static readonly JsonEncodedText Worker = JsonEncodedText.Encode("worker");
    private static readonly JsonEncodedText Kind = JsonEncodedText.Encode("kind");
    private static readonly JsonEncodedText WaitMs = JsonEncodedText.Encode("waitMs");
    private static readonly JsonEncodedText ConnectMs = JsonEncodedText.Encode("connectMs");
    private static readonly JsonEncodedText FirstByteMs = JsonEncodedText.Encode("firstByteMs");
    private static readonly JsonEncodedText TotalMs = JsonEncodedText.Encode("totalMs");
    private static readonly JsonEncodedText Resent = JsonEncodedText.Encode("resent");
    private static readonly JsonEncodedText End = JsonEncodedText.Encode("end");

    /// <summary>Writes one line, with its end.</summary>
    public static void Write(LineBuffer line, string app, in ExchangeRecord record)
    {
        var json = line.Json;
        json.Reset();
        json.WriteStartObject();
        Span<byte> moment = stackalloc byte[LongestMoment];
        record.Arrived.UtcDateTime.TryFormat(moment, out var length, Moment, CultureInfo.InvariantCulture);
        json.WriteString(Time, moment[..length]);
        WriteAddress(json, record.Client);
        WriteText(json, Method, record.Method);
        WriteText(json, Target, record.Target);
        WriteText(json, Protocol, Figures.Protocol(record.Protocol));
        WriteText(json, Host, record.Host);
        WriteNumber(json, Status, record.Status);
        json.WriteNumber(Bytes, record.Bytes);
        WriteText(json, Referer, record.Referer);
        WriteText(json, UserAgent, record.UserAgent);
        json.WriteString(App, app);
        WriteNumber(json, Release, Figures.Release(record.Backend));
        WriteText(json, Worker, record.Backend);
        json.WriteString(Kind, Figures.Word(record.Kind));
        WriteNumber(json, WaitMs, Figures.Milliseconds(record.Wait));
        WriteNumber(json, ConnectMs, Figures.Milliseconds(record.Connect));
        WriteNumber(json, FirstByteMs, Figures.Milliseconds(record.FirstByte));
        WriteNumber(json, TotalMs, Figures.Milliseconds(record.Total));
        json.WriteNumber(Resent, record.Resent);
        json.WriteString(End, Figures.Word(record.End));
        json.WriteEndObject();
        json.Flush();
        line.Add("\n"u8);
    }

    private static void WriteAddress(Utf8JsonWriter json, IPAddress? address)
    {
        Span<byte> text = stackalloc byte[LongestAddress];
        if (address is not null && address.TryFormat(text, out var length))
        {
            json.WriteString(Client, text[..length]);
        }
        else
        {
            json.WriteNull(Client);
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, JsonEncodedText name, decimal? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteText(Utf8JsonWriter json, JsonEncodedText name, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            json.WriteNull(name);
        }
        else if (text.Length <= EscapedText.Longest && Ascii.IsValid(text))
        {
            json.WriteString(name, text);
        }
        else
        {
            json.WriteString(name, Readable(text));
        }
    }

    /// <summary>
    /// What clients send beyond ASCII is mostly UTF-8, of which each byte is a character here; what is none becomes U+FFFD. What is too
    /// long ends with three dots.
    /// </summary>
    private static string Readable(string text) =>
        Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(text.Length <= EscapedText.Longest ? text : text[..EscapedText.Longest] + "..."));
}
