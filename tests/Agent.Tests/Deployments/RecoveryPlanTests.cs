using System.Globalization;
using System.Net;
using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.State;
using BlueGreen.Agent.Workers;

namespace BlueGreen.Agent.Tests.Deployments;

public sealed class RecoveryPlanTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>Release 2 replaced release 1; the generations are those numbers times ten.</summary>
    private static readonly AppState Settled = new() { Generation = 20, LastRelease = 2, Active = 2, ActiveGeneration = 20, History = [1] };

    private static readonly AppState OnProbation = Settled with { Probation = new JournaledProbation(20, Now.AddSeconds(10), 1, 10) };

    [Fact]
    public void The_workers_of_the_active_release_serve_on()
    {
        var plan = Plan(Settled, "2/20", "2/20");

        Assert.Equal(2, plan.Serving.Length);
        Assert.Empty(plan.Unowned);
        Assert.Equal(Settled, plan.Journal);
    }

    [Theory]
    [InlineData("1/10")]
    [InlineData("2/19")]
    [InlineData("3/30")]
    public void Workers_of_another_release_or_generation_belong_to_nothing(string other)
    {
        var plan = Plan(Settled, "2/20", other);

        Assert.Single(plan.Serving);
        Assert.Equal(other, Text(Assert.Single(plan.Unowned)));
    }

    [Fact]
    public void A_deployment_that_had_not_switched_is_discarded_with_its_release_and_its_workers()
    {
        var plan = Plan(Settled with { LastRelease = 3, Generation = 30, Deployment = Under("deploy", 3) }, "2/20", "3/30");

        Assert.Equal(3, plan.Discarded);
        Assert.Equal("3/30", Text(Assert.Single(plan.Unowned)));
        Assert.Null(plan.Journal.Deployment);
        Assert.Equal(30, plan.Journal.Generation);
        Assert.Equal(3, plan.Journal.LastRelease);
    }

    [Theory]
    [InlineData("rollback", 1)]
    [InlineData("restart", 2)]
    [InlineData("deploy", 2)]
    [InlineData("deploy", 1)]
    public void A_release_that_has_served_is_never_discarded(string kind, int release)
    {
        var plan = Plan(Settled with { Deployment = Under(kind, release) }, "2/20");

        Assert.Null(plan.Discarded);
        Assert.Null(plan.Journal.Deployment);
    }

    [Fact]
    public void A_deployment_that_had_no_number_yet_leaves_nothing_to_discard() =>
        Assert.Null(Plan(Settled with { Deployment = Under("deploy", null) }, "2/20").Discarded);

    [Fact]
    public void A_probation_goes_on_with_the_warm_workers()
    {
        var plan = Plan(OnProbation, "1/10", "2/20", "1/9");

        Assert.Equal("2/20", Text(Assert.Single(plan.Serving)));
        Assert.Equal("1/10", Text(Assert.Single(plan.Warm)));
        Assert.Equal("1/9", Text(Assert.Single(plan.Unowned)));
        Assert.Equal(OnProbation.Probation, plan.Journal.Probation);
        Assert.Null(plan.RolledBackFrom);
    }

    [Fact]
    public void A_probation_whose_time_is_over_has_been_passed()
    {
        var plan = Plan(OnProbation with { Probation = OnProbation.Probation! with { Until = Now } }, "1/10", "2/20");

        Assert.Null(plan.Journal.Probation);
        Assert.Empty(plan.Warm);
        Assert.Equal("1/10", Text(Assert.Single(plan.Unowned)));
    }

    [Theory]
    [InlineData("1/10")]
    [InlineData]
    public void A_release_on_probation_of_which_nothing_lives_is_rolled_back(params string[] living)
    {
        var plan = Plan(OnProbation, living);

        Assert.Equal(2, plan.RolledBackFrom);
        Assert.Equal(1, plan.Journal.Active);
        Assert.Equal(10, plan.Journal.ActiveGeneration);
        Assert.Empty(plan.Journal.History);
        Assert.Null(plan.Journal.Probation);
        Assert.Equal(living, plan.Serving.Select(Text));
        Assert.Empty(plan.Warm);
    }

    [Fact]
    public void A_probation_of_another_generation_means_nothing()
    {
        var plan = Plan(OnProbation with { ActiveGeneration = 21 }, "1/10");

        Assert.Null(plan.RolledBackFrom);
        Assert.Equal(2, plan.Journal.Active);
        Assert.Null(plan.Journal.Probation);
        Assert.Single(plan.Unowned);
    }

    [Fact]
    public void An_app_that_has_nothing_needs_nothing()
    {
        var plan = Plan(new AppState());

        Assert.Equal(new AppState(), plan.Journal);
        Assert.Empty(plan.Serving);
    }

    private static RecoveryPlan Plan(AppState known, params string[] living) => RecoveryPlan.Of(known, [.. living.Select(Worker)], Now);

    private static JournaledDeployment Under(string kind, int? release) => new(kind, "probing", release, Now);

    /// <summary>A worker written as RELEASE/GENERATION.</summary>
    private static RunningWorker Worker(string text, int index)
    {
        int[] numbers = [.. text.Split('/').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
        return new RunningWorker(
            $"web.{numbers[0]}.{index}", "web", numbers[0], numbers[1], new ProcessIdentity(100 + index, index, "boot"),
            new IPEndPoint(IPAddress.Loopback, 40000 + index));
    }

    private static string Text(RunningWorker worker) => $"{worker.Release}/{worker.Generation}";
}
