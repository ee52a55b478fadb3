using BlueGreen.Agent.Control.Contracts;
using BlueGreen.Agent.Deployments.Audit;
using BlueGreen.Agent.Tests.Releases;

namespace BlueGreen.Agent.Tests.Deployments.Audit;

public sealed class AuditLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CapturedLog<AuditLog> _log = new();

    private string Path => _folder["audit.jsonl"];

    private AuditLog Audit => new(Path, _log);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_record_is_a_line_that_its_owner_alone_can_read()
    {
        Audit.Add(Record("a"));
        Audit.Add(Record("b"));

        Assert.Equal(["a", "b"], Audit.Last(10).Select(record => record.Id));
        Assert.Equal(2, File.ReadAllLines(Path).Length);
        Assert.Equal(TemporaryFolder.Private, File.GetUnixFileMode(Path));
    }

    [Fact]
    public void There_is_nothing_to_show_before_the_first() => Assert.Empty(Audit.Last(10));

    [Fact]
    public void The_last_ones_are_shown_oldest_first_of_one_app_or_all()
    {
        foreach (var (id, app) in new[] { ("1", "web"), ("2", "api"), ("3", "web"), ("4", "web") })
        {
            Audit.Add(Record(id) with { App = app });
        }

        Assert.Equal(["3", "4"], Audit.Last(2).Select(record => record.Id));
        Assert.Equal(["1", "3", "4"], Audit.Last(10, "web").Select(record => record.Id));
        Assert.Equal(["2"], Audit.Last(1, "api").Select(record => record.Id));
        Assert.Empty(Audit.Last(10, "none"));
    }

    [Fact]
    public void Lines_are_read_whole_however_long_the_file_and_they_are()
    {
        for (var i = 0; i < 300; i++)
        {
            Audit.Add(Record($"{i}") with { Reason = new string('é', i % 7 == 0 ? 40_000 : i) });
        }

        var all = Audit.Last(1000);

        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"{i}"), all.Select(record => record.Id));
        Assert.All(all, (record, i) => Assert.Equal(i % 7 == 0 ? 40_000 : i, record.Reason!.Length));
    }

    [Fact]
    public void What_a_crash_has_left_of_a_line_spoils_neither_the_one_before_nor_the_one_after()
    {
        Audit.Add(Record("before"));
        File.AppendAllText(Path, """{"id":"torn","app":"we""");

        Audit.Add(Record("after"));

        Assert.Equal(["before", "after"], Audit.Last(10).Select(record => record.Id));
    }

    [Fact]
    public void A_disk_that_takes_nothing_costs_the_record_only_and_is_said_with_all_of_it()
    {
        Directory.CreateDirectory(Path);

        Audit.Add(Record("lost"));

        var line = Assert.Single(_log.Lines);
        Assert.StartsWith("Warning: The deployment {\"id\":\"lost\"", line, StringComparison.Ordinal);
        Assert.Contains($"is missing in {Path}", line, StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_may_be_moved_away_at_any_time()
    {
        var audit = Audit;
        audit.Add(Record("old"));
        File.Move(Path, Path + ".1");

        audit.Add(Record("new"));

        Assert.Equal("new", Assert.Single(audit.Last(10)).Id);
    }

    private static DeploymentRecord Record(string id) => new()
    {
        Id = id,
        App = "web",
        Kind = "deploy",
        Trigger = "cli",
        Outcome = "completed",
        StartedAt = DateTimeOffset.UnixEpoch,
        EndedAt = DateTimeOffset.UnixEpoch,
    };
}
