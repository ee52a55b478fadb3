using BlueGreen.Agent.Releases;
using BlueGreen.Agent.State;
using BlueGreen.Agent.Workers.Limits;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments.Processes;

/// <summary>
/// Makes ready what a process with limits needs before it is started: a user other than the front's can reach its release and its socket, and
/// nothing else of the state folder.
/// </summary>
internal sealed class LaunchSites(StateDirectory directory, ReleaseStore store, ControlGroups groups, ILogger<LaunchSites> logger)
{
    /// <summary>The place of one process.</summary>
    /// <param name="options">Its app.</param>
    /// <param name="release">What it runs.</param>
    /// <param name="limits">What is configured for its type.</param>
    /// <param name="name">Its own name: APP.RELEASE.N, or what stands for that.</param>
    /// <exception cref="ReleaseException">Its working folder is not there.</exception>
    /// <exception cref="LimitsException">The front cannot give it these limits.</exception>
    public LaunchSite Of(AppOptions options, Release release, ProcessLimits limits, string name)
    {
        var folder = limits.Folder is { } given ? WorkingFolder.In(release.Directory, given) : release.Directory;
        if (Confinement.Of(limits, name, groups, FrontPowers.Current) is not { } confinement)
        {
            return new LaunchSite(folder, null, directory.Run);
        }

        return new LaunchSite(folder, confinement, confinement.Account is { } account ? Open(options, release, account) : directory.Run);
    }

    /// <summary>
    /// What a process of an earlier front still needs: its release and its socket stay open for its user, its memory stays limited. One for
    /// which that cannot be done runs on; the log has why.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <param name="pid">Its pid.</param>
    /// <returns>The group that limits its memory; null: none.</returns>
    public MemoryGroup? Resume(string name, int pid)
    {
        try
        {
            if (UserOf(pid) is not null)
            {
                directory.LetPass();
            }

            return groups.Adopt(pid);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.LogError("{Process} (pid {Pid}), which ran when the front started, is not limited as it was: {Reason}", name, pid, e.Message);
            return null;
        }
    }

    /// <summary>The user of a process that is not the front's own; null where it is, or the process has ended.</summary>
    public static uint? UserOf(int pid) =>
        ProcessStatus.UserOf(pid) is { } user && user != ProcessStatus.UserOf(Environment.ProcessId) ? user : null;

    private string Open(AppOptions options, Release release, Account account)
    {
        if (OneGroup.FindProblem(options) is { } problem)
        {
            throw new LimitsException(problem);
        }

        try
        {
            store.LetIn(options.Name, release, account.Gid);
            directory.LetPass();
            return directory.MakeRunOf(account.Uid, folder => FileOwner.Change(folder, account.Uid, account.Gid));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LimitsException($"limits.user: user {account.User} cannot be let into release {release.Number} of {options.Name}: {e.Message}", e);
        }
    }
}
