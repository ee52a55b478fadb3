using BlueGreen.Faults.Injection;

namespace BlueGreen.EndToEnd.Tests.Faults;

public sealed class DeploymentFaultTests(StageFixture stage) : IClassFixture<StageFixture>
{
    public static TheoryData<Victim, Step> Faults =>
        [
            .. from cell in Cell.Applicable
               where cell.Victim is Victim.Candidate or Victim.Old or Victim.Cli
               select (cell.Victim, cell.Step),
        ];

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Faults))]
    public Task A_deployment_survives_the_death_of_whoever_takes_part_in_it(Victim victim, Step step) =>
        stage.AssertSurvivedAsync(new Cell(victim, step));
}
