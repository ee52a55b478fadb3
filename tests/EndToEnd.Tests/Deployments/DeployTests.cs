using BlueGreen.EndToEnd.Tests.Harness;

namespace BlueGreen.EndToEnd.Tests.Deployments;

public sealed class DeployTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 30_000)]
    public async Task A_deploy_tells_each_step_and_serves_the_release()
    {
        await using var front = await Front.StartAsync(_folder);
        var deployed = await front.DeployAsync(SampleRelease.Make(_folder, "v1"));
        Assert.Equal(0, deployed.Code);
        Assert.Equal(["fetching", "preparing", "starting", "probing", "switched", "draining", "completed"], deployed.EventNames);
        Assert.Equal(1, deployed.Event("switched").Release);

        var active = (await front.StatusAsync()).App().Active!;
        Assert.Equal("v1", active.Label);
        Assert.Equal(_folder.WorkerPids, active.Workers.Select(worker => worker.Pid));
        using var client = new HttpClient();
        var answer = await client.GetStringAsync(front.Address, TestContext.Current.CancellationToken);
        Assert.Equal($"v1 release 1 pid {active.Workers[0].Pid}\n", answer);
        Assert.Equal(0, await front.StopAsync());
        Assert.Empty(_folder.WorkerPids);
    }
}
