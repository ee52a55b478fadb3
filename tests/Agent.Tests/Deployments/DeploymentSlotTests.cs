using BlueGreen.Agent.Deployments;

namespace BlueGreen.Agent.Tests.Deployments;

public sealed class DeploymentSlotTests
{
    private readonly DeploymentSlot _slot = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 30_000)]
    public async Task One_deployment_has_the_slot_at_a_time()
    {
        Assert.True(_slot.TryEnter());
        Assert.False(_slot.TryEnter());
        var waiting = _slot.EnterAsync(Token);
        Assert.False(waiting.IsCompleted);

        _slot.Leave();

        await waiting;
        Assert.False(_slot.TryEnter());
    }

    [Fact]
    public void Leaving_forgets_the_deployment()
    {
        _slot.TryEnter();
        _slot.Running = new Deployment("web", new DeploymentRequest.Restart(), TimeProvider.System);

        _slot.Leave();

        Assert.Null(_slot.Running);
    }

    [Fact]
    public void Wishes_that_come_before_the_first_is_met_add_up_to_one()
    {
        Assert.True(_slot.WantRedeploy());
        Assert.False(_slot.WantRedeploy());
        Assert.False(_slot.WantRedeploy());

        Assert.True(_slot.RedeployWanted());
        _slot.TakeRedeploy();
        Assert.False(_slot.RedeployWanted());
    }

    [Fact]
    public void A_wish_that_comes_while_one_is_met_is_one_more()
    {
        _slot.WantRedeploy();
        Assert.True(_slot.RedeployWanted());
        _slot.TakeRedeploy();

        // Somebody is at it: the caller has nothing to do, and yet is heard.
        Assert.False(_slot.WantRedeploy());
        Assert.False(_slot.WantRedeploy());

        Assert.True(_slot.RedeployWanted());
        _slot.TakeRedeploy();
        Assert.False(_slot.RedeployWanted());
    }

    [Fact]
    public void When_all_wishes_are_met_the_next_one_needs_somebody_again()
    {
        _slot.WantRedeploy();
        _slot.RedeployWanted();
        _slot.TakeRedeploy();
        _slot.RedeployWanted();

        Assert.True(_slot.WantRedeploy());
    }

    [Fact(Timeout = 30_000)]
    public async Task It_is_idle_when_all_that_was_followed_has_ended()
    {
        await _slot.IdleAsync();
        var (first, second) = (new TaskCompletionSource(), new TaskCompletionSource());
        _slot.Follow(first.Task);
        var idle = _slot.IdleAsync();
        _slot.Follow(second.Task);

        first.SetResult();
        Assert.False(idle.IsCompleted);
        second.SetResult();

        await idle;
    }
}
