using BlueGreen.EndToEnd.Tests.Harness;

namespace BlueGreen.EndToEnd.Tests.Traffic;

public sealed class ApacheBenchTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Not_one_of_2000_requests_fails_when_USR2_replaces_the_program()
    {
        var source = SampleRelease.Make(_folder, "current");
        await using var front = await Front.StartAsync(_folder, source);
        await front.ActiveAsync(1);
        SampleRelease.Make(_folder, "current", "label=new");

        await using var ab = ApacheBench.Start(front.Address, 2000, keepAlive: false);
        await ab.FlowsAsync();
        front.Signal(Signals.User2);
        await ab.AssertFlawlessAsync(2000, keepAlive: false);

        await front.ActiveAsync(2);
        using var visitor = new Visitor(front.Address);
        Assert.StartsWith("new release 2", (await visitor.GetAsync()).Body, StringComparison.Ordinal);
        Assert.Equal(front.Pid, (await front.StatusAsync()).Pid);
    }

    [Theory(Timeout = 180_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Not_one_of_50000_requests_fails_over_five_deploys(bool keepAlive)
    {
        const int Requests = 50_000;
        string[] sources = [SampleRelease.Make(_folder, "blue"), SampleRelease.Make(_folder, "green")];
        await using var front = await Front.StartAsync(_folder, sources[0]);
        await front.ActiveAsync(1);

        await using var ab = ApacheBench.Start(front.Address, Requests, keepAlive);
        await ab.FlowsAsync();
        for (var deploy = 1; deploy <= 5; deploy++)
        {
            var deployed = await front.DeployAsync(sources[deploy % 2]);
            Assert.Equal(0, deployed.Code);
        }
        Assert.True(ab.IsRunning, "The deploys took longer than the requests.");
        await ab.AssertFlawlessAsync(Requests, keepAlive);
        Assert.Equal(6, (await front.StatusAsync()).App().Active!.Release);
        Assert.Equal(front.Pid, (await front.StatusAsync()).Pid);
    }
}
