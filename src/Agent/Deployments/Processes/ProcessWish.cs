using BlueGreen.Agent.Releases;

namespace BlueGreen.Agent.Deployments.Processes;

/// <summary>What is to run in a place: a process of this release, started for this switch attempt or later.</summary>
/// <param name="release">The release.</param>
/// <param name="generation">The switch attempt. The numbers of processes and those of switch attempts are taken from one row.</param>
internal sealed class ProcessWish(Release release, long generation)
{
    /// <summary>The release.</summary>
    public Release Release => release;

    /// <summary>The switch attempt.</summary>
    public long Generation => generation;

    /// <summary>Whether a process is what is wished for.</summary>
    public bool IsMetBy(BackgroundProcess process) => process.Release == release.Number && process.Generation > generation;

    /// <summary>Whether two wishes are the same; null is that for nobody.</summary>
    public static bool AreSame(ProcessWish? one, ProcessWish? other) =>
        (one?.Release.Number, one?.Generation) == (other?.Release.Number, other?.Generation);
}
