using System.Text.Json;
using BlueGreen.EndToEnd.Tests.Harness;

namespace BlueGreen.EndToEnd.Tests.Deployments;

public sealed class HistoryTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task Every_deployment_is_in_the_history_with_who_what_and_how_it_ended()
    {
        await using var first = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await first.ActiveAsync(1);
        Assert.Equal(0, (await first.DeployAsync(SampleRelease.Make(_folder, "v2"))).Code);
        Assert.Equal(1, (await first.DeployAsync(SampleRelease.Make(_folder, "bad", "exit-at-start=7"))).Code);
        Assert.Equal(0, (await first.RollbackAsync()).Code);
        first.Signal(Signals.User2);
        await first.ActiveAsync(4);
        await first.SettledAsync();
        await using var deploying = first.StartCommand("deploy", SampleRelease.MakeGated(_folder, "gated", _folder.In("gate")));
        await Until.TrueAsync(async () => (await first.StatusAsync()).App().Deployment is { Step: "probing" });
        await first.KillAsync();
        await using var second = await Front.StartAsync(_folder);

        var records = await RecordsAsync(second);

        Assert.Equal(
            [
                "deploy start 1 completed", "deploy cli 2 completed", "deploy cli 3 failed", "rollback cli 1 completed", "deploy usr2 4 completed",
                "deploy cli 5 interrupted",
            ],
            records.Select(record => $"{Text(record, "kind")} {Text(record, "trigger")} {record.GetProperty("release")} {Text(record, "outcome")}"));
        Assert.All(records, record => Assert.Equal(Text(record, "trigger") == "cli", record.TryGetProperty("by", out _)));
        Assert.All(
            records.Where(record => record.TryGetProperty("by", out _)).Select(record => record.GetProperty("by")),
            by => Assert.Equal(Environment.UserName, Text(by, "user")));
        Assert.Equal(("probing", 7), (Text(records[2], "step"), records[2].GetProperty("exitCode").GetInt32()));
        Assert.Equal(2, records[3].GetProperty("replaced").GetInt32());
        Assert.Equal(("probing", _folder.In("gated")), (Text(records[5], "step"), Text(records[5], "source")));
        Assert.All(records.SkipLast(1), record => Assert.True(record.GetProperty("durations").GetProperty("totalMs").GetInt64() > 0));
        Assert.Equal(6, records.Select(record => Text(record, "id")).Distinct().Count());

        Assert.Equal(records.Select(record => record.GetRawText()), await File.ReadAllLinesAsync(_folder.In("s", "audit.jsonl"), TestContext.Current.CancellationToken));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.In("s", "audit.jsonl")));
        Assert.Equal(2, (await RecordsAsync(second, "--lines", "2", "--app", "web")).Count);
        Assert.Empty(await RecordsAsync(second, "--app", "api"));
        var table = (await second.RunAsync("history")).Output.Split('\n');
        Assert.Equal(7, table.Length);
        Assert.StartsWith("BEGAN ", table[0], StringComparison.Ordinal);
        Assert.Matches($@"^\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d  web  deploy    {Environment.UserName} +3 \(bad\) +failed +- +\d+ ms +at probing: worker web\.3\.1 ended", table[3]);

        // A front that starts again has nothing to add.
        await second.KillAsync();
        await using var third = await Front.StartAsync(_folder);
        Assert.Equal(6, (await RecordsAsync(third)).Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_front_killed_while_the_old_release_drains_is_followed_by_one_that_says_so()
    {
        await using var first = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await first.ActiveAsync(1);
        using var slow = await HeldRequest.SendAsync(first);
        await using var deploying = first.StartCommand("deploy", SampleRelease.Make(_folder, "v2"), "--json");
        await first.ActiveAsync(2);
        await first.KillAsync();

        await using var second = await Front.StartAsync(_folder);

        var record = (await RecordsAsync(second))[^1];
        Assert.Equal(("interrupted", "switched", 2, 1), (Text(record, "outcome"), Text(record, "step"), record.GetProperty("release").GetInt32(), record.GetProperty("replaced").GetInt32()));
        await second.ActiveAsync(2);
    }

    [Fact(Timeout = 90_000)]
    public async Task A_full_disk_costs_the_record_not_the_rollback()
    {
        var (front, disk) = await SmallDisk.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await using var _ = front;
        await front.ActiveAsync(1);
        // What is left of its last block could hold the record: blank lines, which are none, fill it.
        var audit = Path.Combine(Path.GetDirectoryName(front.ControlSocket)!, "audit.jsonl");
        await Until.TrueAsync(() => File.Exists(audit));
        await File.AppendAllTextAsync(audit, new string('\n', 4096 - (int)(new FileInfo(audit).Length % 4096)), TestContext.Current.CancellationToken);
        disk.FillUp();

        Assert.Equal(1, (await front.DeployAsync(SampleRelease.Make(_folder, "v2", "print-at-start=x"))).Code);

        await front.LoggedAsync("audit.jsonl: No space left on device");
        disk.Free();
        Assert.Equal(0, (await front.DeployAsync(_folder.In("v2"))).Code);
        Assert.Equal("completed", Text((await RecordsAsync(front))[^1], "outcome"));
    }

    private static async Task<IReadOnlyList<JsonElement>> RecordsAsync(Front front, params string[] arguments)
    {
        var shown = await front.RunAsync("history", ["--json", .. arguments]);
        Assert.True(shown.Code == 0, shown.ToString());
        return [.. shown.Lines.Select(line => JsonSerializer.Deserialize<JsonElement>(line.Text))];
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
