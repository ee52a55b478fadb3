using System.Net;
using BlueGreen.Proxy.Exchanges;
using BlueGreen.Proxy.Upstreams;

namespace BlueGreen.Agent.Tests.AccessLogs;

/// <summary>An exchange to make lines of; tests change what they are about.</summary>
internal static class SampleExchange
{
    public static ExchangeRecord Record { get; } = new()
    {
        Arrived = new DateTimeOffset(2026, 10, 10, 13, 55, 36, 789, TimeSpan.Zero),
        Client = IPAddress.Parse("192.0.2.7"),
        Method = "GET",
        Target = "/cart?id=1&x=2",
        Protocol = "HTTP/1.1",
        Host = "shop.example",
        Referer = "https://shop.example/",
        UserAgent = "curl/8.5.0",
        Status = 200,
        Bytes = 612,
        Backend = "web.7.1",
        Kind = RequestKind.Request,
        Wait = TimeSpan.FromMicroseconds(12),
        Connect = TimeSpan.FromMilliseconds(0.5),
        FirstByte = TimeSpan.FromMilliseconds(1203.4567),
        Total = TimeSpan.FromSeconds(90),
        Resent = 0,
        End = ExchangeEnd.Complete,
    };

    /// <summary>One of which there is as little to say as possible.</summary>
    public static ExchangeRecord Bare { get; } = new()
    {
        Arrived = DateTimeOffset.UnixEpoch,
        Method = "get",
        Target = "*",
        Protocol = "HTTP/2",
        Host = "",
        Referer = "",
        UserAgent = "",
        End = ExchangeEnd.Error,
    };

    /// <summary>Texts that try to be more than a field of one line.</summary>
    public static IEnumerable<string> HostileTexts =>
    [
        "\" 200 0 \"-\" \"fake",
        "a\nGET / HTTP/1.1\" 200 -",
        "a\r\nb",
        "\\x0a\\",
        "\u0000\u0001\t\u001b[31mred\u007f",
        "\u009b31m", // a terminal's escape in one byte
        "\u00c3\u00bc", // ü in UTF-8
        "\u00fc", // ü in Latin-1: no UTF-8
        "\u00e2\u0080\u00a8", // U+2028, a line end to some, in UTF-8
        "\u2028\ud800", // nothing a header can hold
        new string('"', 100_000),
        new string('\u00ff', 100_000),
    ];
}
