using BlueGreen.Faults.Reports;
using BlueGreen.Faults.Running;

namespace BlueGreen.EndToEnd.Tests.Faults;

public sealed class DamagedStateTests : IDisposable
{
    private const int Positions = 25;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 180_000)]
    public async Task A_state_file_that_ends_anywhere_keeps_no_front_from_serving_with_the_worker_it_has()
    {
        var result = await new TruncateRun(_folder).RunAsync(
            bytes => Enumerable.Range(0, Positions).Select(part => part * bytes / (Positions - 1)));
        Assert.True(result.Problems.Count == 0, RunText.Of(result));
        Assert.Equal(Positions, result.Tried);
    }
}
