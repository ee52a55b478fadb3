using System.Net;
using BlueGreen.Proxy.Exchanges;

namespace BlueGreen.Agent.AccessLogs;

/// <summary>
/// The combined format of Apache and nginx, with the front's own fields behind it, each as <c>name=value</c> with the name it has in JSON:
/// <c>CLIENT - - [TIME] "METHOD TARGET PROTOCOL" STATUS BYTES "REFERER" "USER AGENT" release=7 worker=web.7.1 ...</c>
/// </summary>
internal static class CombinedLine
{
    /// <summary>An IPv6 address with a scope.</summary>
    private const int LongestAddress = 65;

    private const int LongestNumber = 32;

    /// <summary>Writes one line, with its end.</summary>
    public static void Write(LineBuffer line, in ExchangeRecord record, TimeZoneInfo zone)
    {
        line.Add<IPAddress>(record.Client, LongestAddress);
        line.Add(" - - ["u8);
        line.Add(line.Second.Of(record.Arrived, zone));
        line.Add("] \""u8);
        EscapedText.Add(line, record.Method);
        line.Add(" "u8);
        EscapedText.Add(line, record.Target);
        line.Add(" "u8);
        EscapedText.Add(line, Figures.Protocol(record.Protocol));
        line.Add("\" "u8);
        Add(line, record.Status);
        line.Add(" "u8);
        line.Add(record.Bytes, LongestNumber);
        line.Add(" \""u8);
        EscapedText.Add(line, record.Referer);
        line.Add("\" \""u8);
        EscapedText.Add(line, record.UserAgent);
        line.Add("\" release="u8);
        Add(line, Figures.Release(record.Backend));
        line.Add(" worker="u8);
        EscapedText.Add(line, record.Backend);
        line.Add(" kind="u8);
        line.Add(Figures.Word(record.Kind));
        line.Add(" waitMs="u8);
        Add(line, Figures.Milliseconds(record.Wait));
        line.Add(" connectMs="u8);
        Add(line, Figures.Milliseconds(record.Connect));
        line.Add(" firstByteMs="u8);
        Add(line, Figures.Milliseconds(record.FirstByte));
        line.Add(" totalMs="u8);
        Add(line, Figures.Milliseconds(record.Total));
        line.Add(" resent="u8);
        line.Add(record.Resent, LongestNumber);
        line.Add(" end="u8);
        line.Add(Figures.Word(record.End));
        line.Add("\n"u8);
    }

    private static void Add<T>(LineBuffer line, T? value)
        where T : struct, IUtf8SpanFormattable
    {
        if (value is { } number)
        {
            line.Add(number, LongestNumber);
        }
        else
        {
            line.Add("-"u8);
        }
    }
}
