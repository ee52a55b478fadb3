using System.Text;
using BlueGreen.Agent.Tests.Releases;
using BlueGreen.Agent.Workers;
using Microsoft.Extensions.Time.Testing;

namespace BlueGreen.Agent.Tests.Workers;

public sealed class WorkerLogReaderTests : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 30_000)]
    public async Task Workers_come_in_the_order_of_releases_and_numbers()
    {
        foreach (var id in new[] { "web.10.1", "web.2.1", "web.2.10", "web.2.9" })
        {
            Append(id, $"of {id}\n");
        }

        Append("note", "not a worker's\n");

        Assert.Equal(
            ["web.2.1 | of web.2.1", "web.2.9 | of web.2.9", "web.2.10 | of web.2.10", "web.10.1 | of web.10.1"],
            await AllAsync(null, 5));
        Assert.Equal(["web.10.1 | of web.10.1"], await AllAsync(10, 5));
        Assert.Empty(await AllAsync(3, 5));
    }

    [Fact(Timeout = 30_000)]
    public async Task An_app_without_output_has_no_lines() =>
        Assert.Empty(await new WorkerLogReader(_folder["none"], _time).ReadAsync(null, 5, follow: false, Token).ToListAsync(Token));

    [Fact(Timeout = 30_000)]
    public async Task The_last_lines_of_each_worker_are_shown()
    {
        Append("web.1.1", "a\nb\nc\n");
        Append("web.1.2", "d\ne");

        Assert.Equal(["web.1.1 | b", "web.1.1 | c", "web.1.2 | d", "web.1.2 | e"], await AllAsync(null, 2));
    }

    [Fact(Timeout = 30_000)]
    public async Task Following_goes_on_with_what_is_added_by_these_and_by_later_workers()
    {
        Append("web.1.1", "a\n");
        await using var lines = Follow(1);
        Assert.Equal("web.1.1 | a", await NextAsync(lines));

        Append("web.1.1", "b\n");
        Assert.Equal("web.1.1 | b", await NextAsync(lines));
        Append("web.2.1", "c\nd\n");
        Assert.Equal("web.2.1 | c", await NextAsync(lines));
        Assert.Equal("web.2.1 | d", await NextAsync(lines));
    }

    [Fact(Timeout = 30_000)]
    public async Task Following_a_release_leaves_the_others_out()
    {
        await using var lines = Follow(5, release: 2);
        var next = NextAsync(lines);
        Append("web.1.1", "of another\n");
        Append("web.2.1", "wanted\n");

        Assert.Equal("web.2.1 | wanted", await next);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_line_that_is_written_in_two_pieces_is_shown_once_and_whole()
    {
        Append("web.1.1", "whole\npar");
        await using var lines = Follow(5);
        Assert.Equal("web.1.1 | whole", await NextAsync(lines));

        var next = NextAsync(lines);
        Append("web.1.1", "tial\nnext é\n");

        Assert.Equal("web.1.1 | partial", await next);
        Assert.Equal("web.1.1 | next é", await NextAsync(lines));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_line_that_comes_between_two_looks_is_shown_once()
    {
        Append("web.1.1", "a\nb\n");
        await using var lines = Follow(5);
        Assert.Equal("web.1.1 | a", await NextAsync(lines));
        // The reader has looked at this file already and hands out what it saw.
        Append("web.1.1", "c\n");

        Assert.Equal("web.1.1 | b", await NextAsync(lines));
        Assert.Equal("web.1.1 | c", await NextAsync(lines));
        Append("web.1.1", "d\n");
        Assert.Equal("web.1.1 | d", await NextAsync(lines));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_file_that_is_set_aside_meanwhile_loses_no_line()
    {
        Append("web.1.1", new string('x', (int)WorkerLog.MaxBytes) + "\na\n");
        await using var lines = Follow(1);
        Assert.Equal("web.1.1 | a", await NextAsync(lines));

        Append("web.1.1", "just before\n");
        Assert.True(new WorkerLog(_folder["web.1.1.log"]).RotateWhenTooLarge());
        Append("web.1.1", "just after\n");

        Assert.Equal("web.1.1 | just before", await NextAsync(lines));
        Assert.Equal("web.1.1 | just after", await NextAsync(lines));
    }

    [Fact(Timeout = 30_000)]
    public async Task Following_ends_when_it_is_cancelled()
    {
        using var over = new CancellationTokenSource();
        var following = new WorkerLogReader(_folder.Path, _time).ReadAsync(null, 5, follow: true, over.Token).ToListAsync(Token).AsTask();

        await over.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
    }

    private void Append(string id, string text) => File.AppendAllText(_folder[id + ".log"], text, new UTF8Encoding(false));

    private async Task<List<string>> AllAsync(int? release, int lines) =>
        await new WorkerLogReader(_folder.Path, _time).ReadAsync(release, lines, follow: false, Token).ToListAsync(Token);

    private IAsyncEnumerator<string> Follow(int lines, int? release = null) =>
        new WorkerLogReader(_folder.Path, _time).ReadAsync(release, lines, follow: true, Token).GetAsyncEnumerator(Token);

    /// <summary>The next line, while time goes on.</summary>
    private async Task<string> NextAsync(IAsyncEnumerator<string> lines)
    {
        var moving = lines.MoveNextAsync().AsTask();
        while (!moving.IsCompleted)
        {
            _time.Advance(Look);
            await Task.Delay(1, Token);
        }

        Assert.True(await moving);
        return lines.Current;
    }
}
