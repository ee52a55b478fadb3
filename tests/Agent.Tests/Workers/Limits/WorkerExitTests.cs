using BlueGreen.Agent.Workers;

namespace BlueGreen.Agent.Tests.Workers.Limits;

public sealed class WorkerExitTests
{
    [Theory]
    [InlineData(137)]
    [InlineData(null)]
    public void An_end_for_want_of_memory_says_so(int? status)
    {
        var exit = new WorkerExit(status, TimeSpan.FromSeconds(3)) { ExceededMemory = 512_000_000 };

        Assert.Equal("out of memory: it needed more than the 488.3 MiB of limits.memory, and the kernel killed it", exit.Description);
    }
}
