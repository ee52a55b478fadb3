using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using BlueGreen.Agent.AccessLogs;
using BlueGreen.Proxy.Exchanges;
using BlueGreen.Proxy.Upstreams;

namespace BlueGreen.Agent.Tests.AccessLogs;

public sealed partial class CombinedLineTests
{
    private static readonly TimeZoneInfo Summer = TimeZoneInfo.CreateCustomTimeZone("summer", TimeSpan.FromHours(2), "summer", "summer");

    public static TheoryData<string> HostileTexts => [.. SampleExchange.HostileTexts];

    [Fact]
    public void A_line_is_that_of_other_servers_with_the_fields_of_the_front_behind_it() => Assert.Equal(
        "192.0.2.7 - - [10/Oct/2026:15:55:36 +0200] \"GET /cart?id=1&x=2 HTTP/1.1\" 200 612 \"https://shop.example/\" \"curl/8.5.0\" "
        + "release=7 worker=web.7.1 kind=request waitMs=0.012 connectMs=0.500 firstByteMs=1203.456 totalMs=90000.000 resent=0 end=complete\n",
        LineOf(SampleExchange.Record));

    [Fact]
    public void What_there_is_not_is_a_dash() => Assert.Equal(
        "- - - [01/Jan/1970:02:00:00 +0200] \"get * HTTP/2.0\" - 0 \"-\" \"-\" "
        + "release=- worker=- kind=request waitMs=0.000 connectMs=- firstByteMs=- totalMs=0.000 resent=0 end=error\n",
        LineOf(SampleExchange.Bare));

    [Fact]
    public void Every_kind_and_every_end_has_its_word()
    {
        Assert.Contains(" kind=stream ", LineOf(SampleExchange.Record with { Kind = RequestKind.Stream }), StringComparison.Ordinal);
        Assert.Contains(" kind=upgraded ", LineOf(SampleExchange.Record with { Kind = RequestKind.Upgraded }), StringComparison.Ordinal);
        Assert.EndsWith(" resent=3 end=clientGone\n", LineOf(SampleExchange.Record with { Resent = 3, End = ExchangeEnd.ClientGone }), StringComparison.Ordinal);
        Assert.EndsWith(" end=cut\n", LineOf(SampleExchange.Record with { End = ExchangeEnd.Cut }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_time_and_a_long_address_fit()
    {
        var line = LineOf(SampleExchange.Record with
        {
            Client = IPAddress.Parse("2001:db8:1111:2222:3333:4444:5555:6666%4294967295"),
            Bytes = long.MaxValue,
            Total = TimeSpan.FromDays(365),
        });

        Assert.StartsWith("2001:db8:1111:2222:3333:4444:5555:6666%4294967295 - - [", line, StringComparison.Ordinal);
        Assert.Contains(" 200 9223372036854775807 ", line, StringComparison.Ordinal);
        Assert.Contains(" totalMs=31536000000.000 ", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("+05:30", "+0530")]
    [InlineData("-03:30", "-0330")]
    [InlineData("00:00", "+0000")]
    public void The_time_is_local_and_says_by_how_much(string offset, string written)
    {
        var zone = TimeZoneInfo.CreateCustomTimeZone("zone", TimeSpan.Parse(offset.TrimStart('+'), null), "zone", "zone");

        Assert.Contains($" {written}] ", LineOf(SampleExchange.Record, zone), StringComparison.Ordinal);
    }

    [Fact]
    public void The_second_of_one_line_is_not_that_of_the_next()
    {
        var line = new LineBuffer();
        CombinedLine.Write(line, SampleExchange.Record, Summer);
        CombinedLine.Write(line, SampleExchange.Record with { Arrived = SampleExchange.Record.Arrived.AddSeconds(1) }, Summer);

        Assert.Equal(
            ["10/Oct/2026:15:55:36 +0200", "10/Oct/2026:15:55:37 +0200"],
            Encoding.ASCII.GetString(line.Bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split('[', ']')[1]));
    }

    [Theory]
    [InlineData("say \"hi\" \\ \u00e9\t", "say \\x22hi\\x22 \\x5C \\xE9\\x09")]
    [InlineData("a\r\nb", "a\\x0D\\x0Ab")]
    public void What_could_be_read_otherwise_is_escaped_byte_by_byte(string text, string escaped) =>
        Assert.Contains($" \"{escaped}\" release=", LineOf(SampleExchange.Record with { UserAgent = text }), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public void Whatever_a_client_sends_the_line_is_one_and_its_fields_are_where_they_belong(string text)
    {
        var line = LineOf(SampleExchange.Record with { Method = text, Target = text, Referer = text, UserAgent = text });

        Assert.Matches(Shape(), line);
        Assert.True(line.Length < 5 * 4 * EscapedText.Longest, $"{line.Length}");
    }

    [Fact]
    public void What_is_longer_than_any_honest_text_is_cut()
    {
        var line = LineOf(SampleExchange.Record with { UserAgent = new string('x', EscapedText.Longest + 1) });

        Assert.Contains($"\"{new string('x', EscapedText.Longest)}...\" release=", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_leaves_no_garbage()
    {
        var line = new LineBuffer();
        var record = SampleExchange.Record;
        Write();
        var before = GC.GetAllocatedBytesForCurrentThread();

        Write();

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Write()
        {
            line.Clear();
            CombinedLine.Write(line, record, Summer);
        }
    }

    private static string LineOf(in ExchangeRecord record, TimeZoneInfo? zone = null)
    {
        var line = new LineBuffer();
        CombinedLine.Write(line, record, zone ?? Summer);
        return Encoding.Latin1.GetString(line.Bytes);
    }

    // Printable ASCII alone, and quotes where the format has them.
    [GeneratedRegex("^192\\.0\\.2\\.7 - - \\[[^\\]]+\\] \"[ !#-~]+\" 200 612 \"[ !#-~]+\" \"[ !#-~]+\" release=7 worker=web\\.7\\.1 [ !#-~]+ end=complete\n\\z")]
    private static partial Regex Shape();
}
