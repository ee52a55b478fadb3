using BlueGreen.Faults.Injection;

namespace BlueGreen.EndToEnd.Tests.Faults;

public sealed class FrontFaultTests(StageFixture stage) : IClassFixture<StageFixture>
{
    public static TheoryData<Victim, Step> Faults =>
        [
            .. from cell in Cell.Applicable
               where cell.Victim is Victim.Front
               select (cell.Victim, cell.Step),
        ];

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Faults))]
    public Task A_front_that_is_killed_loses_only_what_it_held_and_finds_its_workers_again(Victim victim, Step step) =>
        stage.AssertSurvivedAsync(new Cell(victim, step));
}
