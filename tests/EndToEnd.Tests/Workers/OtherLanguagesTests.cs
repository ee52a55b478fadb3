using BlueGreen.EndToEnd.Tests.Harness;

namespace BlueGreen.EndToEnd.Tests.Workers;

public sealed class OtherLanguagesTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = 60_000)]
    [InlineData("node", "tcp")]
    [InlineData("node", "unix")]
    [InlineData("python", "tcp")]
    [InlineData("python", "unix")]
    public async Task A_worker_in_another_language_is_replaced_under_load_without_loss_and_stops_on_TERM(string language, string bind)
    {
        _folder.Configure($"apps: {{web: {{bind: {bind}, probation: 0s}}}}");
        await using var front = await Front.StartAsync(_folder, Make(language, "v1"));
        await front.ActiveAsync(1);
        await using var load = await RunningLoad.StartAsync(front.Address);
        var deployed = await front.DeployAsync(Make(language, "v2"));
        Assert.True(deployed.Code == 0, deployed.ToString());
        await load.FurtherAsync(200);
        var report = await load.StopAsync();
        Assert.True(report.IsFlawless, report.ToString());
        Assert.Equal(["v1", "v2"], report.Releases.Select(seen => seen.Label));
        await front.SettledAsync();
        await front.LoggedAsync("Worker web.1.1 of web release 1");
        Assert.Matches(@"Worker web\.1\.1 of web release 1 \(pid \d+\) ended: exit status 0 ", front.Log);

        Assert.Equal(0, await front.StopAsync());
        Assert.Matches(@"Worker web\.2\.1 of web release 2 \(pid \d+\) ended: exit status 0 ", front.Log);
        Assert.Empty(_folder.WorkerPids);
    }

    private string Make(string language, string name) =>
        language == "node" ? SampleRelease.MakeNode(_folder, name) : SampleRelease.MakePython(_folder, name);
}
