using System.Text.Json;
using BlueGreen.EndToEnd.Tests.Harness;

namespace BlueGreen.EndToEnd.Tests.Deployments;

public sealed class HookTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 90_000)]
    public async Task Hooks_get_the_deployment_as_JSON_and_only_the_first_can_end_it()
    {
        _folder.Write("tell", "#!/bin/sh\ncat >>told.$BLUEGREEN_EVENT\necho heard of $BLUEGREEN_APP $BLUEGREEN_RELEASE\ntest ! -e refuse.$BLUEGREEN_EVENT\n", executable: true);
        _folder.Configure("apps: {web: {probation: 0s, hooks: {before: ./tell, after: ./tell, failed: ./tell}}}");
        await using var front = await Front.StartAsync(_folder);
        var source = SampleRelease.Make(_folder, "v1");
        var first = await front.DeployAsync(source, "--label", "one");
        Assert.True(first.Code == 0, first.ToString());
        await Until.TrueAsync(() => Told("after").Count == 1);
        foreach (var (hook, happened) in new[] { ("before", "before"), ("after", "switched") })
        {
            var told = Assert.Single(Told(hook));
            Assert.Equal((happened, "web", "deploy", 1, "one"), (Text(told, "event"), Text(told, "app"), Text(told, "kind"), told.GetProperty("release").GetInt32(), Text(told, "label")));
            Assert.Equal((source, "cli", Environment.UserName), (Text(told, "source"), Text(told, "trigger"), Text(told.GetProperty("by"), "user")));
            Assert.Equal(first.Event("completed").Text("id"), Text(told, "id"));
        }

        // Neither can change what has happened.
        _folder.Write("refuse.after", "");
        _folder.Write("refuse.failed", "");
        await using var load = await RunningLoad.StartAsync(front.Address);
        Assert.Equal(0, (await front.DeployAsync(SampleRelease.Make(_folder, "v2"))).Code);
        Assert.Equal(1, (await front.DeployAsync(SampleRelease.Make(_folder, "v3", "exit-at-start=7"))).Code);
        await Until.TrueAsync(() => Told("failed").Count == 1);
        var failed = Told("failed")[0];
        Assert.Equal(("failed", "probing", 7, 2), (Text(failed, "event"), Text(failed, "step"), failed.GetProperty("exitCode").GetInt32(), failed.GetProperty("stillActive").GetInt32()));
        await front.LoggedAsync("Hook failed of web: exit status 1");

        _folder.Write("refuse.before", "");
        var refused = await front.DeployAsync(SampleRelease.Make(_folder, "v4"));
        Assert.Equal(1, refused.Code);
        Assert.StartsWith("hook before refused it: exit status 1", refused.Event("failed").Text("reason"), StringComparison.Ordinal);
        Assert.Equal("heard of web 4", refused.Event("failed").Joined("output"));
        await front.ActiveAsync(2);
        await load.FurtherAsync(200);
        var report = await load.StopAsync();
        Assert.True(report.IsFlawless, report.ToString());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_rollback_by_itself_is_told_as_a_failure_and_asks_nobody()
    {
        _folder.Configure("apps: {web: {probation: 60s, hooks: {before: test $BLUEGREEN_RELEASE != 1 || test ! -e v2, failed: cat >>told.failed}}}");
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);
        Assert.Equal(0, (await front.DeployAsync(SampleRelease.Make(_folder, "v2"))).Code);

        ProcessTable.Signal((await front.StatusAsync()).App().Active!.Workers[0].Pid, Signals.Kill);

        await front.ActiveAsync(1);
        await Until.TrueAsync(() => Told("failed").Count == 1);
        var told = Told("failed")[0];
        Assert.Equal(("rolledback", 2, 1), (Text(told, "event"), told.GetProperty("release").GetInt32(), told.GetProperty("stillActive").GetInt32()));
        Assert.Equal("worker web.2.1 ended: killed by SIGKILL", Text(told, "reason"));
    }

    private List<JsonElement> Told(string hook)
    {
        var path = _folder.In($"told.{hook}");
        return File.Exists(path) ? [.. File.ReadAllText(path).Split('\n').SkipLast(1).Select(line => JsonSerializer.Deserialize<JsonElement>(line))] : [];
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
