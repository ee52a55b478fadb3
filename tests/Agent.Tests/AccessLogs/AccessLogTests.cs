using BlueGreen.Agent.AccessLogs;
using BlueGreen.Agent.Tests.Releases;

namespace BlueGreen.Agent.Tests.AccessLogs;

public sealed class AccessLogTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CapturedLog<AccessLog> _told = new();
    private readonly AccessLog _log;

    public AccessLogTests() => _log = new AccessLog("web", _folder["access.log"], _told, TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        await _log.CloseAsync();
        _folder.Dispose();
    }

    [Fact(Timeout = 30_000)]
    public async Task It_is_off_until_it_is_configured_and_off_again_afterwards()
    {
        _log.Write(SampleExchange.Record);
        _log.Configure(null);
        Assert.Empty(_folder.Tree());

        _log.Configure(new AccessLogOptions());
        _log.Write(SampleExchange.Record);
        _log.Configure(null);
        _log.Write(SampleExchange.Record);

        await _log.CloseAsync();
        Assert.Single(File.ReadAllLines(_folder["access.log"]));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_change_of_the_form_is_one_from_a_line_to_the_next()
    {
        _log.Configure(new AccessLogOptions());
        _log.Write(SampleExchange.Record);
        _log.Configure(new AccessLogOptions { Format = AccessLogFormat.Json });
        _log.Write(SampleExchange.Record);

        await _log.CloseAsync();

        var lines = File.ReadAllLines(_folder["access.log"]);
        Assert.Equal(["192", "{\"t"], lines.Select(line => line[..3]));
    }

    [Fact(Timeout = 60_000)]
    public async Task No_line_is_lost_or_there_twice_however_often_it_is_changed_under_load()
    {
        const int Writers = 4, Lines = 5_000;
        _log.Configure(new AccessLogOptions());
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() =>
        {
            for (var number = 0; number < Lines; number++)
            {
                _log.Write(SampleExchange.Record with { Target = $"/<{writer}-{number}>" });
            }
        })));
        for (var round = 0; !writing.IsCompleted; round++)
        {
            _log.Configure(new AccessLogOptions
            {
                Format = round % 2 == 0 ? AccessLogFormat.Json : AccessLogFormat.Combined,
                Path = _folder[$"{round % 3}.log"],
                Size = 100_000,
                Keep = 1000,
            });
            _log.Reopen();
            await Task.Yield();
        }

        await writing;
        await _log.CloseAsync();

        var seen = _folder.Tree().SelectMany(file => File.ReadAllLines(_folder[file])).Select(line => line.Split('<', '>')[1]).ToList();
        Assert.Equal(Writers * Lines, seen.Count);
        Assert.Equal(Writers * Lines, seen.Distinct().Count());
        Assert.Empty(_told.Lines);
    }

    [Fact(Timeout = 30_000)]
    public async Task Another_path_is_another_file_and_the_one_before_is_whole()
    {
        _log.Configure(new AccessLogOptions());
        _log.Write(SampleExchange.Record);
        _log.Configure(new AccessLogOptions { Path = _folder["deep/er/x.log"] });
        _log.Write(SampleExchange.Record);

        await _log.CloseAsync();

        Assert.Single(File.ReadAllLines(_folder["access.log"]));
        Assert.Single(File.ReadAllLines(_folder["deep/er/x.log"]));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_disk_that_hangs_does_not_keep_it_from_closing()
    {
        using var made = System.Diagnostics.Process.Start("mkfifo", [_folder["pipe"]]);
        await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        // Nobody reads it: opening it waits for ever.
        _log.Configure(new AccessLogOptions { Path = _folder["pipe"] });
        _log.Write(SampleExchange.Record);

        await _log.CloseAsync();

        Assert.Equal("Warning: The last lines of the access log of web are lost: its disk does not answer", Assert.Single(_told.Lines));
        // Lets the thread go.
        using var reader = new FileStream(_folder["pipe"], FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
    }
}
