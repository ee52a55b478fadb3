using BlueGreen.EndToEnd.Tests.Harness;
using BlueGreen.Faults.Jobs;

namespace BlueGreen.EndToEnd.Tests.Processes;

/// <summary>Watches the jobs of a test: the file they write to, and what it proves.</summary>
internal sealed class JobWatch(TestFolder folder)
{
    /// <summary>The file, for <c>JOB_FILE</c> in their environment.</summary>
    public string Path => folder.In("jobs");

    /// <summary>All lines so far.</summary>
    public IReadOnlyList<JobLine> Lines => JobLine.ReadAll(Path);

    /// <summary>What the lines so far prove.</summary>
    public JobHistory History => JobHistory.Of(Lines);

    /// <summary>Who runs the job, or ran it last.</summary>
    public JobTerm? Last => History.Terms is [.., var last] ? last : null;

    /// <summary>Waits until the job of a release runs, under a generation above one.</summary>
    public async Task<JobTerm> RunsAsync(int release, long above = -1)
    {
        JobTerm? last = null;
        await Until.TrueAsync(() => (last = Last) is { HasEnded: false } term
            && term.Release == release && term.Generation > above && ProcessTable.IsAlive(term.Pid));
        return last!;
    }

    /// <summary>Kills a front whose first release serves and runs the job.</summary>
    public async Task OutliveAsync(Front front)
    {
        await using (front)
        {
            await front.ActiveAsync(1);
            await RunsAsync(1);
            await front.KillAsync();
        }
    }

    /// <summary>Waits until whoever runs it has written another line.</summary>
    public async Task<JobTerm> GoesOnAsync()
    {
        var seen = Last!.Last;
        await Until.TrueAsync(() => Last!.Last > seen);
        return Last!;
    }

    /// <summary>Fails unless it ran once at a time, under numbers that only grew.</summary>
    public void AssertOnce()
    {
        var history = History;
        Assert.True(history.IsClean, $"""
            overlaps: {string.Join("; ", history.Overlaps)}
            clashes: {string.Join("; ", history.Clashes)}
            generations that did not grow: {string.Join("; ", history.Falls)}
            {string.Join('\n', history.Terms)}
            """);
    }
}
