namespace BlueGreen.Benchmarks.Subjects;

/// <summary>Ends processes in order, with all that they have started, and by force where that takes too long.</summary>
internal static class ProcessEnd
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    /// <summary>Asks a process to end, and waits until it and its descendants are gone.</summary>
    public static async Task StopAsync(StartedProcess process)
    {
        var family = new List<int> { process.Pid };
        for (var next = 0; next < family.Count; next++)
            family.AddRange(ProcessTable.ChildrenOf(family[next]));
        process.Signal(Signals.Terminate);
        var deadline = DateTime.UtcNow + Patience;
        while (DateTime.UtcNow < deadline && family.Any(ProcessTable.IsAlive))
            await Task.Delay(Look);
        foreach (var left in family.Where(ProcessTable.IsAlive))
            ProcessTable.Signal(left, Signals.Kill);
        await process.DisposeAsync();
    }
}
