using BlueGreen.Agent.Tests.Releases;
using BlueGreen.Agent.Workers;

namespace BlueGreen.Agent.Tests.Workers;

public sealed class WorkerLogsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_logs_of_earlier_releases_go_and_nothing_else()
    {
        string[] files = ["web.6.1.log", "web.6.1.log.1", "web.7.1.log", "web.10.2.log", "notes.txt", "web.x.1.log", "web.6.log"];
        Array.ForEach(files, file => File.WriteAllText(_folder[file], ""));

        new WorkerLogs(_folder.Path).RemoveBefore(7);

        Assert.Equal(
            files.Except(["web.6.1.log", "web.6.1.log.1"]).Order(), Directory.GetFiles(_folder.Path).Select(path => Path.GetFileName(path)).Order());
    }

    [Fact]
    public void Where_there_is_no_folder_there_is_nothing_to_do() => new WorkerLogs(_folder["none"]).RemoveBefore(7);
}
