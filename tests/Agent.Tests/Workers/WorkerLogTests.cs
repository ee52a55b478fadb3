using System.Text;
using BlueGreen.Agent.Tests.Releases;
using BlueGreen.Agent.Workers;

namespace BlueGreen.Agent.Tests.Workers;

public sealed class WorkerLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly WorkerLog _log;

    public WorkerLogTests() => _log = new WorkerLog(_folder["web.1.1.log"]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", 5, "")]
    [InlineData("a\n", 5, "a")]
    [InlineData("a\nb\nc\n", 2, "b|c")]
    [InlineData("a\nb\nc", 2, "b|c")]
    [InlineData("a\n\nc\n", 3, "a||c")]
    [InlineData("a\r\nb\r\n", 5, "a|b")]
    [InlineData("a\nb\n", 0, "")]
    public void The_tail_is_the_last_lines(string content, int lines, string expected)
    {
        File.WriteAllText(_log.Path, content);

        Assert.Equal(expected.Length == 0 ? [] : expected.Split('|'), _log.Tail(lines));
    }

    [Fact]
    public void The_tail_of_a_file_that_is_not_there_is_empty() => Assert.Empty(_log.Tail(5));

    [Fact]
    public void The_tail_of_a_large_file_begins_with_a_whole_line()
    {
        File.WriteAllLines(_log.Path, Enumerable.Range(0, 50_000).Select(i => $"line {i}"));

        var tail = _log.Tail(20);

        Assert.Equal(Enumerable.Range(49_980, 20).Select(i => $"line {i}"), tail);
        Assert.All(_log.Tail(1_000_000), line => Assert.StartsWith("line ", line, StringComparison.Ordinal));
    }

    [Fact]
    public void As_many_lines_of_usual_length_as_asked_for_are_there()
    {
        File.WriteAllLines(_log.Path, Enumerable.Range(0, 50_000).Select(i => $"2026-01-02T03:04:05.678Z GET /a/path/of/some/length 200 line {i}"));

        Assert.Equal(20_000, _log.Tail(20_000).Count);
    }

    [Fact]
    public void Of_one_line_longer_than_the_tail_the_end_is_shown()
    {
        File.WriteAllText(_log.Path, new string('x', 200_000) + " the end\n");

        var line = Assert.Single(_log.Tail(5));

        Assert.EndsWith("x the end", line, StringComparison.Ordinal);
        Assert.InRange(line.Length, 1, 64 * 1024);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_shown_somehow()
    {
        File.WriteAllBytes(_log.Path, [0xFF, 0x00, 0xFE, (byte)'\n', (byte)'b', (byte)'\n']);

        Assert.Equal("b", _log.Tail(1).Single());
    }

    [Fact]
    public void A_file_below_the_bound_stays_as_it_is()
    {
        File.WriteAllText(_log.Path, "a\n");

        Assert.False(_log.RotateWhenTooLarge());

        Assert.Equal("a\n", File.ReadAllText(_log.Path));
        Assert.False(File.Exists(_log.PreviousPath));
    }

    [Fact]
    public void A_file_over_the_bound_is_set_aside_whole()
    {
        var content = Lines(WorkerLog.MaxBytes);
        File.WriteAllBytes(_log.Path, content);

        Assert.True(_log.RotateWhenTooLarge());

        Assert.Equal(0, new FileInfo(_log.Path).Length);
        Assert.True(content.AsSpan().SequenceEqual(File.ReadAllBytes(_log.PreviousPath)));
        Assert.False(_log.RotateWhenTooLarge());
    }

    [Fact]
    public void The_next_copy_replaces_the_one_before()
    {
        File.WriteAllBytes(_log.Path, Lines(WorkerLog.MaxBytes + 1000));
        _log.RotateWhenTooLarge();
        var second = Lines(WorkerLog.MaxBytes, "second");
        File.WriteAllBytes(_log.Path, second);

        Assert.True(_log.RotateWhenTooLarge());

        Assert.True(second.AsSpan().SequenceEqual(File.ReadAllBytes(_log.PreviousPath)));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_worker_that_holds_the_file_open_goes_on_at_its_new_beginning()
    {
        await using var workshop = new Workshop();
        var process = workshop.Start(
            "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); echo \"line $i 0123456789012345678901234567890123456789012345\"; done; "
            + "echo full; while [ ! -e go ]; do sleep 0.01; done; echo after; exit 0");
        await workshop.PrintedAsync("full");
        var before = workshop.Printed;
        Assert.True(before.Length > WorkerLog.MaxBytes);

        Assert.True(workshop.Log.RotateWhenTooLarge());
        await File.WriteAllTextAsync(workshop.Folder["go"], "", Token);
        await process.Exited.WaitAsync(Token);

        Assert.Equal("after\n", workshop.Printed);
        Assert.Equal(before, await File.ReadAllTextAsync(workshop.Log.PreviousPath, Token));
    }

    [Fact]
    public void A_note_of_the_fronts_own_ends_its_line()
    {
        _log.TryAppend("one");
        _log.TryAppend("two\n");

        Assert.Equal("one\ntwo\n", File.ReadAllText(_log.Path));
        new WorkerLog(_folder["no/such/folder.log"]).TryAppend("lost");
    }

    private static byte[] Lines(long atLeast, string text = "line")
    {
        var lines = new StringBuilder();
        for (var i = 0; lines.Length < atLeast; i++)
        {
            lines.Append(text).Append(' ').Append(i).Append('\n');
        }

        return Encoding.ASCII.GetBytes(lines.ToString());
    }
}
