using BlueGreen.Agent.Hosting;
using BlueGreen.Agent.State;
using BlueGreen.Agent.Tests.Releases;
using BlueGreen.Agent.Workers;
using Microsoft.Extensions.Time.Testing;

namespace BlueGreen.Agent.Tests.Hosting;

public sealed class LogRotationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CapturedLog<LogRotation> _log = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ITimer _rotating;

    public LogRotationTests()
    {
        var directory = new StateDirectory(_folder.Path);
        directory.Create();
        _rotating = new LogRotation(directory, _log, _time).Start();
    }

    public void Dispose()
    {
        _rotating.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Files_that_have_grown_too_large_are_set_aside_each_time()
    {
        for (var round = 0; round < 2; round++)
        {
            Grow("logs/web/web.1.1.log", WorkerLog.MaxBytes);
            Grow("logs/api/api.1.1.log", WorkerLog.MaxBytes - 1);

            _time.Advance(TimeSpan.FromSeconds(5));

            Assert.Equal(0, Size("logs/web/web.1.1.log"));
            Assert.Equal(WorkerLog.MaxBytes, Size("logs/web/web.1.1.log.1"));
            Assert.Equal(WorkerLog.MaxBytes - 1, Size("logs/api/api.1.1.log"));
        }

        Assert.Equal(2, _log.Lines.Count);
        Assert.All(_log.Lines, line => Assert.EndsWith("web.1.1.log, which had grown to 10 MiB", line, StringComparison.Ordinal));
    }

    [Fact]
    public void An_access_log_beside_them_is_left_alone()
    {
        Grow("logs/web/access.log", WorkerLog.MaxBytes);

        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(WorkerLog.MaxBytes, Size("logs/web/access.log"));
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public void One_that_cannot_be_set_aside_does_not_keep_the_others_from_it()
    {
        string[] ids = ["web.1.1", "web.1.2", "web.1.3"];
        foreach (var id in ids)
        {
            Grow($"logs/web/{id}.log", WorkerLog.MaxBytes);
        }

        // Whichever comes first: the place of its copy is taken by a folder.
        var first = Path.GetFileName(Directory.EnumerateFiles(_folder["logs/web"], "*.log").First());
        Directory.CreateDirectory(_folder[$"logs/web/{first}.1"]);

        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(2, ids.Count(id => Size($"logs/web/{id}.log") == 0));
        Assert.Equal(WorkerLog.MaxBytes, Size($"logs/web/{first}"));
        Assert.Single(_log.Lines, line => line.StartsWith("Warning: ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_that_is_gone_is_a_warning()
    {
        Directory.Delete(_folder["logs"]);

        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.StartsWith("Warning: ", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    private void Grow(string name, long bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        using var file = File.OpenWrite(_folder[name]);
        file.SetLength(bytes);
    }

    private long Size(string name) => new FileInfo(_folder[name]).Length;
}
