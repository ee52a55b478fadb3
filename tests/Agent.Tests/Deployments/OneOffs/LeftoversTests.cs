using BlueGreen.Agent.State;
using BlueGreen.Agent.Tests.Workers;
using BlueGreen.Agent.Workers;

namespace BlueGreen.Agent.Tests.Deployments.OneOffs;

public sealed class LeftoversTests : IAsyncDisposable
{
    private readonly DeploymentBench _bench = new();
    private readonly Workshop _workshop = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _workshop.DisposeAsync();
    }

    [Theory(Timeout = 30_000)]
    [InlineData("release", true)]
    [InlineData("run-once", true)]
    [InlineData("preflight", false)]
    [InlineData("after", false)]
    public async Task What_may_have_to_take_something_back_has_time_for_it(string task, bool hasTime)
    {
        var process = await _workshop.StartOrphanAsync("trap 'echo taken back; exit 0' TERM; echo self=$$; sleep 600 & wait");
        await _workshop.PidAsync("self");

        await _bench.Recovery.StopTasksAsync([new RunningTask(task, "web", process)], _ => TimeSpan.FromSeconds(20));
        await _bench.Services.Leftovers.GoneAsync("web").WaitAsync(Token);

        Assert.Empty(ProcessRow.LivingIn(process.Pid));
        Assert.Equal(hasTime, _workshop.Printed.Contains("taken back", StringComparison.Ordinal));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_release_phase_that_has_overwritten_its_environment_is_found_by_the_journal()
    {
        var process = await _workshop.StartOrphanAsync("echo self=$$; exec sleep 600");
        await _workshop.PidAsync("self");
        _bench.State.Update("web", before => before with
        {
            Deployment = new JournaledDeployment("deploy", "releasing", 1, DateTimeOffset.UtcNow)
            {
                ReleasePhase = new JournaledTask(process.Pid, process.StartTicks, process.BootId),
            },
        });
        _bench.State.Update("other", before => before with
        {
            Deployment = new JournaledDeployment("deploy", "releasing", 1, DateTimeOffset.UtcNow)
            {
                // Another process has that number by now.
                ReleasePhase = new JournaledTask(Environment.ProcessId, 1, process.BootId),
            },
        });

        await _bench.Recovery.StopTasksAsync([], _ => TimeSpan.FromSeconds(20));
        await _bench.Services.Leftovers.GoneAsync("web").WaitAsync(Token);

        Assert.Empty(ProcessRow.LivingIn(process.Pid));
    }
}
