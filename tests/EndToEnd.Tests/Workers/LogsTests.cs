using BlueGreen.EndToEnd.Tests.Harness;

namespace BlueGreen.EndToEnd.Tests.Workers;

public sealed class LogsTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Logs_show_the_last_lines_of_the_active_release_or_of_the_one_named()
    {
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1", "print-at-start=one begins"));
        await front.ActiveAsync(1);
        using var visitor = new Visitor(front.Address);
        await visitor.GetAsync("/log?line=one%20works");
        await visitor.GetAsync("/log?line=one%20rests");
        Assert.Equal("web.1.1 | one begins\nweb.1.1 | one works\nweb.1.1 | one rests", (await front.RunAsync("logs")).Output);
        Assert.Equal("web.1.1 | one rests", (await front.RunAsync("logs", "--lines", "1")).Output);

        Assert.Equal(0, (await front.DeployAsync(SampleRelease.Make(_folder, "v2", "print-at-start=two begins"))).Code);
        Assert.Equal("web.2.1 | two begins", (await front.RunAsync("logs")).Output);
        Assert.Equal("web.1.1 | one works\nweb.1.1 | one rests", (await front.RunAsync("logs", "--release", "1", "--lines", "2")).Output);
    }

    [Fact(Timeout = 60_000)]
    public async Task Followed_logs_go_on_across_a_deploy()
    {
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1", "print-at-start=one begins"));
        await front.ActiveAsync(1);
        using var visitor = new Visitor(front.Address);
        await using var follow = front.StartCommand("logs", "-f");
        await follow.WaitForLineAsync(line => line == "web.1.1 | one begins");
        await visitor.GetAsync("/log?line=one%20works");
        await follow.WaitForLineAsync(line => line == "web.1.1 | one works");

        Assert.Equal(0, (await front.DeployAsync(SampleRelease.Make(_folder, "v2", "print-at-start=two begins"))).Code);
        await follow.WaitForLineAsync(line => line == "web.2.1 | two begins");
        await visitor.GetAsync("/log?line=two%20works");
        await follow.WaitForLineAsync(line => line == "web.2.1 | two works");

        follow.Signal(Signals.Interrupt);
        var ended = await CliResult.OfAsync(follow);
        Assert.Equal(0, ended.Code);
        Assert.Equal(
            ["web.1.1 | one begins", "web.1.1 | one works", "web.2.1 | two begins", "web.2.1 | two works"],
            ended.Lines.Select(line => line.Text));
    }
}
