using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Releases;
using BlueGreen.Agent.Releases.Fetching;
using BlueGreen.Agent.Tests.Releases;
using BlueGreen.Agent.Tests.Releases.Verification;

namespace BlueGreen.Agent.Tests.Deployments;

/// <summary>Protection against old releases that somebody has signed long ago.</summary>
public sealed class SequenceTests : IAsyncLifetime
{
    private readonly TemporaryFolder _keys = new();
    private DeploymentBench _bench = null!;

    public async ValueTask InitializeAsync()
    {
        string key = await _keys.MinisignKeyAsync("mine");
        _bench = new DeploymentBench(app => app with { Trust = new() { Keys = [key], Require = true, Sequence = true } });
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        _keys.Dispose();
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_older_than_what_was_live_comes_back_by_a_rollback_alone()
    {
        await DeployedAsync("v1", 1);
        await DeployedAsync("v2", 2);
        Assert.Equal(2, _bench.Journal.HighestSequence);
        Assert.Contains("its sequence number is 1, and one with 2 was live already", await RefusedAsync("v1"));

        // Or the rollback may find the workers of release 1 still running, and take them.
        await Eventually.TrueAsync(() => _bench.App.Live is [{ Role: ReleaseRole.Active }]);
        Deployment back = _bench.Begin(new DeploymentRequest.Rollback(null));
        await _bench.AnswerAsync(back);
        await DeploymentBench.ReachedAsync(back, "switched");

        Assert.Equal(1, _bench.Journal.Active);
        Assert.Equal(2, _bench.Journal.HighestSequence);
        Assert.Contains("its sequence number is 1, and one with 2 was live already", await RefusedAsync("v1"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_release_that_was_never_live_forbids_nothing()
    {
        await DeployedAsync("v1", 1);
        string bad = await SignedAsync("v9", 9, "exit 3\n");
        await DeploymentBench.ReachedAsync(Begin(bad), "failed");

        Assert.Equal(1, _bench.Journal.HighestSequence);
        await DeployedAsync("v2", 2);
    }

    [Fact(Timeout = 60_000)]
    public async Task Where_the_state_is_lost_the_store_remembers()
    {
        await DeployedAsync("v1", 5);
        _bench.State.Update("web", before => before with { HighestSequence = null });

        string old = await SignedAsync("v0", 4);
        Assert.Contains(
            "its sequence number is 4, and one with 5 was live already",
            (await DeploymentBench.ReachedAsync(Begin(old), "failed")).Reason);
        Assert.Equal(5, StateRebuild.Of("web", _bench.Store.List("web"), 1, 1, [], DateTimeOffset.UnixEpoch).HighestSequence);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_release_and_the_event_say_who_signed_what()
    {
        string source = await SignedAsync("v1", 3);
        var deployment = Begin(source);
        var prepared = await DeploymentBench.ReachedAsync(deployment, "preparing");
        await _bench.AnswerAsync(deployment);
        await DeploymentBench.ReachedAsync(deployment, "switched");

        Release stored = Assert.Single(_bench.Store.List("web"));
        Assert.Equal($"sha256:{stored.Verified!.Sha256}", prepared.FileDigest);
        Assert.StartsWith("minisign:", prepared.SignedBy);
        Assert.Equal((prepared.SignedBy, 3L), (stored.Verified.SignedBy, stored.Verified.Sequence!.Value));
        Assert.Equal(3, prepared.Sequence);
    }

    private Deployment Begin(string source) => _bench.Begin(new DeploymentRequest.Deploy(new SourceAddress.Local(source), Label: null, Command: null));

    private async Task DeployedAsync(string name, int sequence)
    {
        Deployment deployment = Begin(await SignedAsync(name, sequence));
        await _bench.AnswerAsync(deployment);
        await DeploymentBench.ReachedAsync(deployment, "switched");
    }

    private async Task<string> RefusedAsync(string name) =>
        (await DeploymentBench.ReachedAsync(Begin(_bench.PathOf(name)), "failed")).Reason!;

    private async Task<string> SignedAsync(string name, int sequence, string script = DeploymentBench.Sleep)
    {
        string source = _bench.Source(name, script);
        await _keys.MinisignAsync("mine", source, $"sequence:{sequence}");
        return source;
    }
}
