using BlueGreen.EndToEnd.Tests.Harness;

namespace BlueGreen.EndToEnd.Tests.Deployments;

public sealed class OneAtATimeTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public OneAtATimeTests()
    {
        Gated = SampleRelease.MakeGated(_folder, "gated", _folder.In("gate"));
    }

    private string Gated { get; }

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task A_second_deploy_is_refused_with_what_runs_and_since_when()
    {
        await using var front = await Front.StartAsync(_folder);
        await using var first = front.StartCommand("deploy", Gated);
        await first.WaitForLineAsync(line => line.Contains("probing", StringComparison.Ordinal));

        foreach (var second in new[] { await front.DeployAsync(Gated), await front.RunAsync("deploy", Gated), await front.RollbackAsync() })
        {
            Assert.Equal(4, second.Code);
            Assert.Equal("", second.Output);
            Assert.Matches(
                $@"^bluegreen: another deployment of web is running: deploy of {Gated} \(release 1, probing, running for \d+\.\d s, since \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\dZ\)$",
                second.Errors);
        }
        var running = (await front.StatusAsync()).App().Deployment!;
        Assert.Equal(("deploy", "probing", 1), (running.Kind, running.Step, running.Release));
        OpenGate();
        Assert.Equal(0, (await CliResult.OfAsync(first)).Code);
        Assert.Equal(1, (await front.StatusAsync()).App().Active!.Release);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_deploy_may_start_while_an_older_release_drains()
    {
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);
        using var held = await HeldRequest.SendAsync(front);
        await using var second = front.StartCommand("deploy", SampleRelease.Make(_folder, "v2"));
        await second.WaitForLineAsync(line => line.Contains("draining 1 request in flight", StringComparison.Ordinal));

        var third = await front.DeployAsync(SampleRelease.Make(_folder, "v3"));
        Assert.Equal(0, third.Code);
        var app = (await front.StatusAsync()).App();
        Assert.Equal(3, app.Active!.Release);
        Assert.Equal(1, app.Releases.Single(release => release is { Release: 1, Role: "draining" }).Workers[0].InFlight.Requests);
        Assert.Equal("1", await held.FinishAsync());
        Assert.Equal(0, (await CliResult.OfAsync(second)).Code);
        Assert.EndsWith("web: completed: 1 finished on the old release, 0 cut", second.ToString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Ctrl_C_leaves_the_deployment_running_and_says_so()
    {
        await using var front = await Front.StartAsync(_folder);
        await using var command = front.StartCommand("deploy", Gated);
        await command.WaitForLineAsync(line => line.Contains("probing", StringComparison.Ordinal));
        command.Signal(Signals.Interrupt);
        var interrupted = await CliResult.OfAsync(command);
        Assert.Equal(130, interrupted.Code);
        Assert.Equal("bluegreen: interrupted; the deployment goes on in the front, 'bluegreen status' shows it", interrupted.Errors);
        Assert.NotNull((await front.StatusAsync()).App().Deployment);
        OpenGate();
        await front.ActiveAsync(1);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_detached_deploy_returns_at_once_and_goes_on()
    {
        await using var front = await Front.StartAsync(_folder);
        var detached = await front.DeployAsync(Gated, "--detach");
        Assert.Equal(0, detached.Code);
        Assert.Equal(["fetching"], detached.EventNames);
        Assert.NotNull((await front.StatusAsync()).App().Deployment);
        OpenGate();
        await front.ActiveAsync(1);
    }

    private void OpenGate() => _folder.Write("gate", "");
}
