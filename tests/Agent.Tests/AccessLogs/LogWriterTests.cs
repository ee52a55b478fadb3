using System.Diagnostics;
using System.Globalization;
using System.Text;
using BlueGreen.Agent.AccessLogs;
using BlueGreen.Agent.Tests.Releases;

namespace BlueGreen.Agent.Tests.AccessLogs;

public sealed class LogWriterTests : IAsyncDisposable
{
    private static readonly FileLimits Unlimited = new(Size: 0, Keep: 0);

    private readonly TemporaryFolder _folder = new();
    private readonly CapturedLog<AccessLog> _log = new();
    private readonly List<LogWriter> _writers = [];

    private string Path => _folder["logs/access.log"];

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_writers.Select(CloseAsync));
        _folder.Dispose();
    }

    [Fact(Timeout = 30_000)]
    public async Task Lines_are_in_the_file_soon_without_being_asked_for_and_nobody_else_may_read_them()
    {
        var writer = Start();
        Assert.True(writer.TryAdd("one\n"u8));
        Assert.True(writer.TryAdd("two\n"u8));

        await HasAsync(Path, "one\ntwo\n");

        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(Path) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite));
        Assert.Empty(_log.Lines);
    }

    [Fact(Timeout = 30_000)]
    public async Task What_was_in_the_file_stays_there()
    {
        _folder.Write("logs/access.log", "before\n");
        Start().TryAdd("after\n"u8);

        await HasAsync(Path, "before\nafter\n");
    }

    [Fact(Timeout = 30_000)]
    public async Task At_the_end_everything_is_written_in_its_order_and_nothing_more_is_taken()
    {
        var writer = Start();
        var lines = Numbered(1, 20_000);
        foreach (var line in lines)
        {
            writer.TryAdd(Encoding.ASCII.GetBytes(line));
        }

        await CloseAsync(writer);

        Assert.Equal(string.Concat(lines), File.ReadAllText(Path));
        Assert.False(writer.TryAdd("late\n"u8));
        Assert.Empty(_log.Lines);
    }

    [Fact(Timeout = 30_000)]
    public async Task Files_are_set_aside_at_their_size_with_whole_lines_and_the_oldest_go()
    {
        var writer = Start(new FileLimits(Size: 1000, Keep: 2));
        foreach (var line in Numbered(1, 1000))
        {
            writer.TryAdd(Encoding.ASCII.GetBytes(line));
        }

        await CloseAsync(writer);

        Assert.Equal(["access.log", "access.log.1", "access.log.2"], _folder.Tree("logs"));
        string[] parts = [File.ReadAllText(Path + ".2"), File.ReadAllText(Path + ".1"), File.ReadAllText(Path)];
        Assert.Equal([1000, 1000], parts[..2].Select(part => part.Length));
        var kept = parts.Sum(part => part.Length) / Numbered(1, 1)[0].Length;
        Assert.Equal(string.Concat(Numbered(1001 - kept, kept)), string.Concat(parts));
        Assert.Empty(_log.Lines);
    }

    [Fact(Timeout = 30_000)]
    public async Task Fewer_files_are_kept_from_the_moment_it_is_configured()
    {
        var writer = Start(new FileLimits(Size: 10, Keep: 4));
        await AddAsync(5);
        Assert.Equal(5, _folder.Tree("logs").Length);

        writer.Limits = new FileLimits(Size: 10, Keep: 1);
        await AddAsync(1);
        Assert.Equal(["access.log", "access.log.1"], _folder.Tree("logs"));

        writer.Limits = new FileLimits(Size: 10, Keep: 0);
        await AddAsync(1);
        Assert.Equal(["access.log"], _folder.Tree("logs"));

        async Task AddAsync(int count)
        {
            for (var number = 0; number < count; number++)
            {
                var line = $"{Guid.NewGuid()}\n";
                writer.TryAdd(Encoding.ASCII.GetBytes(line));
                await HasAsync(Path, line);
            }
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task A_line_longer_than_a_file_has_one_for_itself()
    {
        var writer = Start(new FileLimits(Size: 10, Keep: 9));
        writer.TryAdd("a\n"u8);
        writer.TryAdd("longer than ten bytes\n"u8);
        writer.TryAdd("b\n"u8);

        await CloseAsync(writer);

        Assert.Equal(["b\n", "longer than ten bytes\n", "a\n"], new[] { Path, Path + ".1", Path + ".2" }.Select(File.ReadAllText));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_file_that_was_moved_away_is_left_when_it_is_told_to_and_a_new_one_is_there_at_once()
    {
        var writer = Start();
        writer.TryAdd("one\n"u8);
        await HasAsync(Path, "one\n");
        File.Move(Path, Path + ".moved");
        writer.TryAdd("two\n"u8);
        await HasAsync(Path + ".moved", "one\ntwo\n");
        writer.TryAdd("three\n"u8);

        writer.Reopen();

        await Eventually.TrueAsync(() => File.Exists(Path));
        writer.TryAdd("four\n"u8);
        await HasAsync(Path, "four\n");
        Assert.Equal("one\ntwo\nthree\n", File.ReadAllText(Path + ".moved"));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_file_that_was_truncated_goes_on_from_its_beginning()
    {
        var writer = Start();
        writer.TryAdd("one\n"u8);
        await HasAsync(Path, "one\n");
        using (var file = new FileStream(Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(0);
        }

        writer.TryAdd("two\n"u8);

        await HasAsync(Path, "two\n");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_disk_too_slow_for_the_lines_delays_nobody_and_what_is_dropped_is_counted()
    {
        const int Lines = 2_000;
        var (open, reader) = OpenPipe(Path);
        using var _ = reader;
        var writer = Start(mostWaiting: 100_000);
        var line = Encoding.ASCII.GetBytes(new string('x', 999) + "\n");
        var began = Stopwatch.GetTimestamp();
        for (var number = 0; number < Lines; number++)
        {
            Assert.True(writer.TryAdd(line));
        }

        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(5));

        using var written = new MemoryStream();
        var reading = Task.Run(() => reader.CopyTo(written), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => _log.Lines.Count > 0);
        await CloseAsync(writer);
        open.Dispose();
        await reading;
        var told = Assert.Single(_log.Lines);
        Assert.Matches($@"^Warning: The access log of web lacks \d+ lines, which came faster than {Path} took them$", told);
        var dropped = long.Parse(told.Split(' ')[7], CultureInfo.InvariantCulture);
        Assert.InRange(dropped, 1, Lines - 100);
        Assert.Equal((Lines - dropped) * line.Length, written.Length);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_full_disk_is_said_once_and_the_lines_wait_until_there_is_room()
    {
        Directory.CreateDirectory(_folder["logs"]);
        File.CreateSymbolicLink(Path, "/dev/full");
        var writer = Start(mostWaiting: 1000);
        writer.TryAdd("one\n"u8);
        await Eventually.TrueAsync(() => _log.Lines.Count > 0);
        writer.TryAdd("two\n"u8);
        // So that it has failed twice at least.
        writer.Reopen();
        writer.TryAdd(new byte[1000]);
        writer.TryAdd(new byte[2000]);

        File.Delete(Path);

        await HasAsync(Path, "one\ntwo\n");
        await Eventually.TrueAsync(() => _log.Lines.Count > 1);
        Assert.Equal(
            [
                $"Warning: The access log of web cannot be written to {Path}: No space left on device; requests are served all the same, "
                    + "their lines wait, and are dropped when there are too many",
                "Information: The access log of web is written again; 2 lines were dropped",
            ],
            _log.Lines);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_path_that_cannot_be_opened_is_said_before_the_first_line_comes()
    {
        _folder.Write("logs", "a file where a folder should be");
        var writer = Start();
        await Eventually.TrueAsync(() => _log.Lines.Count == 1);
        Assert.StartsWith($"Warning: The access log of web cannot be written to {Path}: ", _log.Lines.First(), StringComparison.Ordinal);

        File.Delete(_folder["logs"]);
        writer.TryAdd("one\n"u8);

        await HasAsync(Path, "one\n");
    }

    [Fact(Timeout = 30_000)]
    public async Task What_a_broken_disk_does_not_take_at_the_end_is_counted()
    {
        Directory.CreateDirectory(Path);
        var writer = Start();
        writer.TryAdd("one\n"u8);
        writer.TryAdd("two\n"u8);

        await CloseAsync(writer);

        Assert.Equal($"Warning: The access log of web lacks 2 lines at its end, which {Path} did not take", _log.Lines.Last());
        Assert.Contains("Is a directory", _log.Lines.First(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_file_that_cannot_be_set_aside_grows_on()
    {
        Directory.CreateDirectory(Path + ".1");
        var writer = Start(new FileLimits(Size: 10, Keep: 1));
        var lines = Numbered(1, 10);
        foreach (var line in lines)
        {
            writer.TryAdd(Encoding.ASCII.GetBytes(line));
        }

        await CloseAsync(writer);

        Assert.Equal(string.Concat(lines), File.ReadAllText(Path));
        Assert.StartsWith($"Warning: The access log of web, {Path}, cannot be set aside and grows on: ", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    private LogWriter Start(FileLimits? limits = null, int mostWaiting = 1_000_000)
    {
        var writer = LogWriter.Start("web", Path, limits ?? Unlimited, _log, mostWaiting: mostWaiting);
        _writers.Add(writer);
        return writer;
    }

    private static Task CloseAsync(LogWriter writer)
    {
        writer.Close();
        return writer.Ended;
    }

    /// <summary>Ten bytes each.</summary>
    private static string[] Numbered(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(number => number.ToString("D9", CultureInfo.InvariantCulture) + "\n")];

    private static Task HasAsync(string path, string text) => Eventually.TrueAsync(() => File.Exists(path) && File.ReadAllText(path) == text);

    /// <summary>A named pipe, which takes 64 KiB until somebody reads; held open, so that opening it waits for nobody.</summary>
    private static (FileStream Open, FileStream Reader) OpenPipe(string path)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        using var made = Process.Start("mkfifo", [path]);
        made.WaitForExit();
        return (
            new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0),
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0));
    }
}
