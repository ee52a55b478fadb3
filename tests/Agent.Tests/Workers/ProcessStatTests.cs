using BlueGreen.Agent.Workers;

namespace BlueGreen.Agent.Tests.Workers;

public sealed class ProcessStatTests
{
    [Fact]
    public void Threads_of_the_kernel_are_told_from_processes()
    {
        Assert.False(ProcessStat.Of(Environment.ProcessId)!.IsOfTheKernel);
        // In a container none may be seen.
        Assert.All(ProcessStat.All().Where(process => process.IsOfTheKernel), thread => Assert.Empty(Arguments(thread.Pid)));
    }

    private static string Arguments(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
