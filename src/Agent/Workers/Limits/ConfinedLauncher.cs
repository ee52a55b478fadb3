using System.Text;

namespace BlueGreen.Agent.Workers.Limits;

/// <summary>
/// The shell script that becomes a confined process. Everything is an exec, so the pid stays. What only the front's user may do comes
/// first: the log is opened, the control group entered, priority and limits set; then the privileges go for good, and only as the
/// process's own user its folder is entered and its program started.
/// </summary>
internal static class ConfinedLauncher
{
    /// <summary>What a step that fails ends with, as env(1) and timeout(1) do when they cannot start what they are given.</summary>
    private const string OrFail = " || exit 125; ";

    /// <summary>
    /// Run as the process's own user: $0 is the folder. An absolute path is not enough, since root may have passed where the user may not.
    /// </summary>
    private const string Enter =
        "cd -- \"$0\" 2>/dev/null || { echo \"bluegreen: user $(id -un) cannot enter the working folder $0: let that user pass all folders above it (chmod o+x)\"; exit 125; }; "
        + "exec \"$@\"";

    /// <summary>The arguments of /bin/sh.</summary>
    /// <param name="prologue">The script's beginning, which opens $log.</param>
    /// <param name="epilogue">What follows the last command: where its input comes from.</param>
    /// <param name="log">The path of the log.</param>
    /// <param name="confinement">How it is confined.</param>
    /// <param name="group">The control group it enters, if any.</param>
    /// <param name="directory">Its working folder.</param>
    /// <param name="arguments">Its program and the arguments of that.</param>
    public static IReadOnlyList<string> Arguments(
        string prologue, string epilogue, string log, Confinement confinement, MemoryGroup? group, string directory, IReadOnlyList<string> arguments)
    {
        var script = new StringBuilder(prologue);
        List<string> given = [];
        if (group is not null)
        {
            script.Append("echo $$ >\"$1\"").Append(OrFail).Append("shift; ");
            given.Add(group.Members);
        }

        if (confinement.Nice is { } nice)
        {
            // Not nice(1), whose number is an increment, and which goes on where it is refused.
            script.Append("renice -n ").Append(Confinement.Text(nice)).Append(" -p $$ >/dev/null").Append(OrFail);
        }

        if (confinement.OpenFiles is { } files)
        {
            script.Append("ulimit -n ").Append(Confinement.Text(files)).Append(OrFail);
        }

        if (confinement.UmaskText is { } umask)
        {
            script.Append("umask ").Append(umask).Append("; ");
        }

        script.Append("exec setsid \"$@\" >>\"$log\" 2>&1").Append(epilogue);
        IReadOnlyList<string> dropped = confinement.Account is { } account ? [.. Drop(account), "/bin/sh", "-c", Enter, directory] : [];
        return ["-c", script.ToString(), "sh", log, .. given, .. dropped, .. arguments];
    }

    /// <summary>
    /// No capability is left, and none can be won back by a setuid program (PR_SET_NO_NEW_PRIVS): a process that is not to be root does not
    /// become it again.
    /// </summary>
    private static IReadOnlyList<string> Drop(Account account) =>
    [
        "setpriv", $"--reuid={Confinement.Text(account.Uid)}", $"--regid={Confinement.Text(account.Gid)}", "--init-groups",
        "--inh-caps=-all", "--no-new-privs", "--",
    ];
}
