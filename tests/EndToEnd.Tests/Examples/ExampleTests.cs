using System.Globalization;
using System.Net;
using System.Text;
using BlueGreen.EndToEnd.Tests.Harness;
using BlueGreen.Faults.Jobs;

namespace BlueGreen.EndToEnd.Tests.Examples;

public sealed class ExampleTests : IDisposable
{
    // The examples print milliseconds: an end and a begin may share one.
    private static readonly TimeSpan Resolution = TimeSpan.FromMilliseconds(1);

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = 240_000)]
    [InlineData("dotnet")]
    [InlineData("node")]
    [InlineData("python")]
    [InlineData("go")]
    public async Task A_job_of_an_example_runs_in_one_worker_at_a_time_over_deploy_rollback_and_a_leaders_death(string language)
    {
        _folder.Configure(await File.ReadAllTextAsync(Path.Combine(Programs.Examples, "bluegreen.yaml"), TestContext.Current.CancellationToken));
        await using var front = await Front.StartAsync(_folder, await ExampleRelease.MakeAsync(_folder, language, "v1"));
        await front.ActiveAsync(1);
        await TicksAsync(front, release: 1);

        var deployed = await front.DeployAsync(await ExampleRelease.MakeAsync(_folder, language, "v2"));
        Assert.True(deployed.Code == 0, deployed.ToString());
        await TicksAsync(front, release: 2);

        var back = await front.RollbackAsync();
        Assert.True(back.Code == 0, back.ToString());
        var leader = await TicksAsync(front, release: 1);

        ProcessTable.Signal(leader.Pid, Signals.Kill);
        await TicksAsync(front, release: 1, above: leader.Generation);

        Assert.Equal(0, await front.StopAsync());
        Assert.Equal(JobLineKind.End, ExampleOutput.OfWorkers(_folder)[^1].Kind);
        var history = JobHistory.Of(ExampleOutput.OfWorkers(_folder));
        Assert.Equal(4, history.Terms.Count);
        Assert.Equal(3, history.Terms.Count(term => term.HasEnded));
        Assert.DoesNotContain(history.Overlaps, overlap => overlap.Length > Resolution);
        Assert.Empty(history.Falls);
    }

    [Theory(Timeout = 240_000)]
    [InlineData("dotnet")]
    [InlineData("node")]
    [InlineData("python")]
    [InlineData("go")]
    public async Task An_example_leads_without_bluegreen_and_ends_its_job_on_TERM(string language)
    {
        var (program, arguments) = ExampleRelease.CommandOf(language, await ExampleRelease.MakeAsync(_folder, language, "v1"));
        var port = FreePort.Find();
        await using var process = StartedProcess.Start(program, arguments, _folder.In("v1"), new Dictionary<string, string>
        {
            ["PORT"] = port.ToString(CultureInfo.InvariantCulture),
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
        });
        await process.WaitForLineAsync(line => line.Contains("tick", StringComparison.Ordinal));
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
        Assert.Equal("Hello from nowhere\n", await client.GetStringAsync("/", TestContext.Current.CancellationToken));

        process.Signal(Signals.Terminate);
        Assert.Equal(0, await process.Exited);
        var lines = ExampleOutput.Of(process.Lines.Select(line => line.Text));
        Assert.Equal(JobLineKind.Begin, lines[0].Kind);
        Assert.Equal(JobLineKind.End, lines[^1].Kind);
        Assert.All(lines, line => Assert.Equal(0L, line.Generation));
    }

    [Theory(Timeout = 240_000)]
    [InlineData("dotnet")]
    [InlineData("node")]
    [InlineData("python")]
    [InlineData("go")]
    public async Task An_example_does_what_it_is_told_in_order_and_refuses_what_is_out_of_date(string language)
    {
        var (program, arguments) = ExampleRelease.CommandOf(language, await ExampleRelease.MakeAsync(_folder, language, "v1"));
        var port = FreePort.Find();
        await using var process = StartedProcess.Start(program, arguments, _folder.In("v1"), new Dictionary<string, string>
        {
            ["PORT"] = port.ToString(CultureInfo.InvariantCulture),
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
            ["BLUEGREEN_ROLE"] = "standby",
        });
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
        await Until.TrueAsync(() => AnswersAsync(client));

        Assert.True(await TellAsync(client, "standby", 3, leader: false));
        Assert.True(await TellAsync(client, "active", 4, leader: true));
        await process.WaitForLineAsync(line => line.EndsWith("generation 4", StringComparison.Ordinal) && line.Contains("tick"));
        Assert.True(await TellAsync(client, "active", 4, leader: true));
        Assert.False(await TellAsync(client, "draining", 3, leader: false));
        Assert.False(await TellAsync(client, "active", 3, leader: true));

        Assert.True(await TellAsync(client, "draining", 5, leader: false));
        var lines = ExampleOutput.Of(process.Lines.Select(line => line.Text));
        await process.WaitForLineAsync(line => line.Contains("end pid", StringComparison.Ordinal));
        Assert.Single(lines, line => line.Kind == JobLineKind.Begin);
        Assert.True(await TellAsync(client, "active", 6, leader: true));
        await process.WaitForLineAsync(line => line.EndsWith("generation 6", StringComparison.Ordinal));

        process.Signal(Signals.Terminate);
        Assert.Equal(0, await process.Exited);
        Assert.Equal([4L, 6L], JobHistory.Of(ExampleOutput.Of(process.Lines.Select(line => line.Text))).Terms.Select(term => term.Generation));
    }

    /// <summary>Waits until a worker of a release leads, and ticks.</summary>
    private async Task<JobLine> TicksAsync(Front front, int release, long above = 0)
    {
        var last = default(JobLine);
        await Until.TrueAsync(async () =>
        {
            var pids = (await front.StatusAsync()).App().Active!.Workers.Select(worker => worker.Pid).ToList();
            last = ExampleOutput.OfWorkers(_folder) is [.., var line] ? line : default;
            return last.Kind == JobLineKind.Tick && last.Generation > above && pids.Contains(last.Pid);
        });
        Assert.Equal(release, (await front.StatusAsync()).App().Active!.Release);
        return last;
    }

    private static async Task<bool> AnswersAsync(HttpClient client)
    {
        try
        {
            return await client.GetStringAsync("/healthz", TestContext.Current.CancellationToken) == "ok\n";
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<bool> TellAsync(HttpClient client, string role, long generation, bool leader)
    {
        using var content = new StringContent(
            $$"""{"role":"{{role}}","generation":{{generation}},"release":1,"leader":{{(leader ? "true" : "false")}}}""",
            Encoding.UTF8, "application/json");
        using var response = await client.PostAsync("/-/role", content, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.Conflict, $"{response}");
        return response.IsSuccessStatusCode;
    }
}
