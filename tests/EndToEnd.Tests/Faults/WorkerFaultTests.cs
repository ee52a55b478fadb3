using BlueGreen.Faults.Injection;

namespace BlueGreen.EndToEnd.Tests.Faults;

public sealed class WorkerFaultTests(StageFixture stage) : IClassFixture<StageFixture>
{
    public static TheoryData<Victim, Step> Faults =>
        [
            .. from cell in Cell.Applicable
               where cell.Victim is Victim.Active or Victim.Stopped
               select (cell.Victim, cell.Step),
        ];

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Faults))]
    public Task A_worker_that_dies_or_hangs_is_replaced_and_what_can_be_sent_again_is(Victim victim, Step step) =>
        stage.AssertSurvivedAsync(new Cell(victim, step));
}
