using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using BlueGreen.EndToEnd.Tests.Harness;

namespace BlueGreen.EndToEnd.Tests.Traffic;

public sealed class AccessLogTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string Log => _folder.In("s", "logs", "web", "access.log");

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task Every_request_answered_over_deploys_is_in_the_log_once_with_the_release_and_the_worker_that_answered_it()
    {
        _folder.Configure("apps: {web: {instances: 2, probation: 0s, accessLog: {format: json, size: 64KiB, keep: 1000}}}");
        var source = SampleRelease.Make(_folder, "v1");
        await using var front = await Front.StartAsync(_folder, source);
        await front.ActiveAsync(1);
        var answered = new ConcurrentDictionary<string, Visit>();
        using var stop = new CancellationTokenSource();
        var visiting = Task.WhenAll(Enumerable.Range(0, 6).Select(visitor => VisitAsync(front.Address, visitor, answered, stop.Token)));
        for (var deploys = 0; deploys < 3; deploys++)
        {
            var before = answered.Count;
            await Until.TrueAsync(() => answered.Count > before + 200);
            var deployed = await front.DeployAsync(source);
            Assert.True(deployed.Code == 0, deployed.ToString());
        }

        await stop.CancelAsync();
        await visiting;
        Assert.Equal(0, await front.StopAsync());

        var lines = Directory.EnumerateFiles(Path.GetDirectoryName(Log)!, "access.log*").SelectMany(File.ReadLines).Select(Line.Parse).ToList();
        Assert.Equal(answered.Count, lines.Count);
        Assert.All(lines, line =>
        {
            Assert.True(answered.TryRemove(line.Target, out var visit), line.Target);
            Assert.Equal((visit.Status, visit.Release, visit.Worker, visit.Body.Length), (line.Status, line.Release, line.Worker, line.Bytes));
            Assert.Equal(("complete", 0), (line.End, line.Resent));
            Assert.InRange(line.FirstByteMs, line.WaitMs, line.TotalMs);
        });
        Assert.Equal(["1", "2", "3", "4"], lines.Select(line => line.Release).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(8, lines.Select(line => line.Worker).Distinct().Count());
        Assert.True(File.Exists(Log + ".1"));
        Assert.DoesNotContain("access log", front.Log, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_reload_switches_it_on_and_off_and_changes_its_form_and_HUP_opens_its_file_anew()
    {
        _folder.Configure("apps: {web: {probation: 0s}}");
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);
        using var visitor = new Visitor(front.Address);
        await visitor.GetAsync("/1");
        Assert.False(File.Exists(Log));

        await ReloadAsync(front, "{}", "web: accessLog off -> combined (now)");
        await visitor.GetAsync("/2");
        var line = Assert.Single(await LinesAsync(1));
        Assert.Matches(
            "^127\\.0\\.0\\.1 - - \\[[^]]+\\] \"GET /2 HTTP/1\\.1\" 404 0 \"-\" \"-\" release=1 worker=web\\.1\\.1 kind=request "
            + "waitMs=[0-9.]+ connectMs=(-|[0-9.]+) firstByteMs=[0-9.]+ totalMs=[0-9.]+ resent=0 end=complete$",
            line);

        await ReloadAsync(front, "{format: json}", "web: accessLog.format combined -> json (now)");
        await visitor.GetAsync("/3");
        Assert.Equal("/3", Line.Parse((await LinesAsync(2))[1]).Target);

        // As logrotate does it, and with a configuration in which nobody can read anything.
        File.Move(Log, Log + "-old");
        _folder.Configure("apps: [");
        front.Signal(Signals.Hangup);
        await Until.TrueAsync(() => File.Exists(Log));
        await visitor.GetAsync("/4");
        Assert.Equal("/4", Line.Parse((await LinesAsync(1))[0]).Target);
        Assert.Equal(2, File.ReadAllLines(Log + "-old").Length);

        await ReloadAsync(front, "~", "web: accessLog json -> off (now)");
        await visitor.GetAsync("/5");
        await ReloadAsync(front, "{format: json}", "web: accessLog off -> json (now)");
        await visitor.GetAsync("/6");
        Assert.Equal(["/4", "/6"], (await LinesAsync(2)).Select(text => Line.Parse(text).Target));
    }

    private async Task ReloadAsync(Front front, string log, string told)
    {
        _folder.Configure($"apps: {{web: {{probation: 0s, accessLog: {log}}}}}");
        var reloaded = await front.RunAsync("reload");
        Assert.True(reloaded.Code == 0, reloaded.ToString());
        Assert.Contains(told, reloaded.Output, StringComparison.Ordinal);
    }

    private async Task<string[]> LinesAsync(int count)
    {
        await Until.TrueAsync(() => File.Exists(Log) && File.ReadAllText(Log).Count(character => character == '\n') >= count);
        return File.ReadAllLines(Log);
    }

    private static async Task VisitAsync(Uri front, int number, ConcurrentDictionary<string, Visit> answered, CancellationToken stop)
    {
        using var visitor = new Visitor(front);
        for (var count = 0; !stop.IsCancellationRequested; count++)
        {
            var target = $"/?visit={number}-{count}";
            answered[target] = await visitor.GetAsync(target);
        }
    }

    private sealed record Line(
        string Target, int Status, int Bytes, string Release, string Worker, int Resent, string End, double WaitMs, double FirstByteMs, double TotalMs)
    {
        public static Line Parse(string text)
        {
            using var document = JsonDocument.Parse(text);
            var json = document.RootElement;
            return new Line(
                json.GetProperty("target").GetString()!,
                json.GetProperty("status").GetInt32(),
                json.GetProperty("bytes").GetInt32(),
                json.GetProperty("release").GetInt32().ToString(CultureInfo.InvariantCulture),
                json.GetProperty("worker").GetString()!,
                json.GetProperty("resent").GetInt32(),
                json.GetProperty("end").GetString()!,
                json.GetProperty("waitMs").GetDouble(),
                json.GetProperty("firstByteMs").GetDouble(),
                json.GetProperty("totalMs").GetDouble());
        }
    }
}
