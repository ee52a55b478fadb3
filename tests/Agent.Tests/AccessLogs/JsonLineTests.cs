using System.Text;
using System.Text.Json;
using BlueGreen.Agent.AccessLogs;
using BlueGreen.Proxy.Exchanges;

namespace BlueGreen.Agent.Tests.AccessLogs;

public sealed class JsonLineTests
{
    public static TheoryData<string> HostileTexts => [.. SampleExchange.HostileTexts];

    [Fact]
    public void A_line_is_an_object_whose_names_are_a_promise() => Assert.Equal(
        """
        {"time":"2026-10-10T13:55:36.789Z","client":"192.0.2.7","method":"GET","target":"/cart?id=1&x=2","protocol":"HTTP/1.1",
        "host":"shop.example","status":200,"bytes":612,"referer":"https://shop.example/","userAgent":"curl/8.5.0","app":"web","release":7,
        "worker":"web.7.1","kind":"request","waitMs":0.012,"connectMs":0.500,"firstByteMs":1203.456,"totalMs":90000.000,"resent":0,"end":"complete"}
        """.ReplaceLineEndings("") + "\n",
        LineOf(SampleExchange.Record));

    [Fact]
    public void What_there_is_not_is_null_and_there_all_the_same() => Assert.Equal(
        """
        {"time":"1970-01-01T00:00:00.000Z","client":null,"method":"get","target":"*","protocol":"HTTP/2.0","host":null,"status":null,"bytes":0,
        "referer":null,"userAgent":null,"app":"web","release":null,"worker":null,"kind":"request","waitMs":0.000,"connectMs":null,
        "firstByteMs":null,"totalMs":0.000,"resent":0,"end":"error"}
        """.ReplaceLineEndings("") + "\n",
        LineOf(SampleExchange.Bare));

    [Theory]
    [InlineData("say \"hi\" \\ \u0001", "say \"hi\" \\ \u0001")]
    [InlineData("M\u00c3\u00bcnchen", "München")]
    [InlineData("M\u00fcnchen", "M\ufffdnchen")]
    public void Texts_are_read_as_utf8(string sent, string read)
    {
        using var line = JsonDocument.Parse(LineOf(SampleExchange.Record with { UserAgent = sent }));

        Assert.Equal(read, line.RootElement.GetProperty("userAgent").GetString());
    }

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public void Whatever_a_client_sends_the_line_is_one_object_and_holds_no_control_character(string text)
    {
        var line = LineOf(SampleExchange.Record with { Method = text, Target = text, Host = text, Referer = text, UserAgent = text });

        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
        Assert.DoesNotContain(line[..^1], char.IsControl);
        Assert.DoesNotContain(line, character => character is '\u2028' or '\u2029');
        using var document = JsonDocument.Parse(line);
        Assert.Equal(20, document.RootElement.EnumerateObject().Count());
        Assert.InRange(document.RootElement.GetProperty("target").GetString()!.Length, 1, EscapedText.Longest + 3);
        Assert.Equal("complete", document.RootElement.GetProperty("end").GetString());
    }

    [Fact]
    public void Lines_of_random_bytes_are_objects_too()
    {
        var random = new Random(7);
        var line = new LineBuffer();
        for (var round = 0; round < 2_000; round++)
        {
            var bytes = new byte[random.Next(1, 60)];
            random.NextBytes(bytes);
            line.Clear();

            JsonLine.Write(line, "web", SampleExchange.Record with { Target = Encoding.Latin1.GetString(bytes) });

            using var document = JsonDocument.Parse(line.Bytes.ToArray());
            Assert.Equal(1, line.Bytes.Count((byte)'\n'));
        }
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
            JsonLine.Write(line, "web", record);
        }
    }

    private static string LineOf(in ExchangeRecord record)
    {
        var line = new LineBuffer();
        JsonLine.Write(line, "web", record);
        return Encoding.UTF8.GetString(line.Bytes);
    }
}
