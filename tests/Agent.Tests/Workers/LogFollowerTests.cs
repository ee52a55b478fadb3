using System.Text;
using BlueGreen.Agent.Tests.Releases;
using BlueGreen.Agent.Workers;
using Microsoft.Extensions.Time.Testing;

namespace BlueGreen.Agent.Tests.Workers;

public sealed class LogFollowerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private WorkerLog Log => new(_folder["a.log"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_there_before_is_not_read_and_what_is_added_is_read_once()
    {
        Append("before\n");
        var follower = new LogFollower(Log, Log.Length);
        Assert.Empty(Read(follower));

        Append("one\ntwo\n");

        Assert.Equal("one\ntwo\n", Read(follower));
        Assert.Empty(Read(follower));
    }

    [Fact]
    public void A_line_without_an_end_waits_where_whole_ones_are_asked_for()
    {
        var follower = new LogFollower(Log, 0);
        Append("one\ntw");
        Assert.Equal("one\n", Read(follower));
        Assert.Empty(Read(follower));
        Append("o\n");
        Assert.Equal("two\n", Read(follower));
        Append("three");
        Assert.Equal("three", Read(follower, wholeLines: false));
    }

    [Fact]
    public void A_line_that_is_too_long_comes_in_pieces()
    {
        var follower = new LogFollower(Log, 0);
        Append(new string('x', 1_500_000));

        Assert.Equal(1024 * 1024, Read(follower).Length);
        Assert.Empty(Read(follower));
        Append("\n");
        Assert.Equal(1_500_001 - (1024 * 1024), Read(follower).Length);
    }

    [Fact]
    public void A_log_that_is_set_aside_loses_nothing()
    {
        Append(new string('x', (int)WorkerLog.MaxBytes) + "\n");
        var follower = new LogFollower(Log, Log.Length);
        Append("before\n");
        Assert.True(Log.RotateWhenTooLarge());
        Append("after\n");

        Assert.Equal("before\n", Read(follower));
        Assert.Equal("after\n", Read(follower));
    }

    [Fact]
    public void A_log_that_was_truncated_by_somebody_else_begins_anew()
    {
        Append("a long line of before\n");
        var follower = new LogFollower(Log, Log.Length);
        File.WriteAllText(Log.Path, "new\n");

        Assert.Equal("new\n", Read(follower));
    }

    [Fact(Timeout = 30_000)]
    public async Task Until_the_end_it_is_read_as_it_comes_and_then_to_the_last_byte()
    {
        var (time, end) = (new FakeTimeProvider(), new TaskCompletionSource());
        await using var pieces = new LogFollower(Log, 0).ReadUntilAsync(end.Task, wholeLines: true, time, Token).GetAsyncEnumerator(Token);
        Append("one\n");
        Assert.Equal("one\n", await NextAsync());
        var next = NextAsync();
        Append("two\nwithout an end");
        time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal("two\n", await next);

        end.SetResult();

        Assert.Equal("without an end", await NextAsync());
        Assert.False(await pieces.MoveNextAsync());

        async Task<string> NextAsync()
        {
            Assert.True(await pieces.MoveNextAsync());
            return Encoding.UTF8.GetString(pieces.Current);
        }
    }

    private void Append(string text) => File.AppendAllText(Log.Path, text);

    private static string Read(LogFollower follower, bool wholeLines = true) => Encoding.UTF8.GetString(follower.Read(wholeLines));
}
