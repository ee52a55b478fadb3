using System.Globalization;

namespace BlueGreen.Agent.State;

/// <summary>Where things are in the state folder.</summary>
/// <param name="Root">DIR: an absolute path.</param>
internal sealed record StateDirectory(string Root)
{
    /// <summary>The environment variable that names the folder where no option does.</summary>
    public const string Variable = "BLUEGREEN_STATE";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode NotOwner =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>The stored releases: APP/N.</summary>
    public string Releases => Path.Combine(Root, "releases");

    /// <summary>The sockets of workers that bind one.</summary>
    public string Run => Path.Combine(Root, "run");

    /// <summary>The socket through which the front is told what to do.</summary>
    public string ControlSocket => Path.Combine(Root, "control.sock");

    /// <summary>Locked by the front that uses the folder.</summary>
    public string Lock => Path.Combine(Root, "front.lock");

    /// <summary>Holds the pid of the front that last used the folder.</summary>
    public string PidFile => Path.Combine(Root, "front.pid");

    /// <summary>A line for each deployment that has ended.</summary>
    public string Audit => Path.Combine(Root, "audit.jsonl");

    /// <summary>The output of all workers, and the access logs.</summary>
    public string Logs => Path.Combine(Root, "logs");

    /// <summary>The output of an app's workers, and its access log.</summary>
    public string LogsOf(string app) => Path.Combine(Logs, app);

    /// <summary>An app's access log where its options name no other file.</summary>
    public string AccessLogOf(string app) => Path.Combine(LogsOf(app), "access.log");

    /// <summary>The folder meant: the one given, else $BLUEGREEN_STATE, else the one this user has by default.</summary>
    public static StateDirectory Find(string? given) =>
        new(Path.TrimEndingDirectorySeparator(Path.GetFullPath(given ?? FromEnvironment(Variable) ?? Default())));

    /// <summary>Makes the folder where it is not there yet; only its owner can look inside.</summary>
    /// <exception cref="IOException">It cannot be made or written.</exception>
    /// <exception cref="UnauthorizedAccessException">It is somebody else's.</exception>
    public void Create()
    {
        Directory.CreateDirectory(Root, OwnerOnly);
        Directory.CreateDirectory(Releases, OwnerOnly);
        Directory.CreateDirectory(Run, OwnerOnly);
        Directory.CreateDirectory(Logs, OwnerOnly);
        // A folder that exists can still be read-only; better said now than in the middle of the first deploy.
        var probe = Path.Combine(Root, ".writable");
        File.WriteAllText(probe, "");
        File.Delete(probe);
    }

    /// <summary>
    /// Lets other users pass, to releases and sockets that are theirs to use; they may still look at nothing: the folder lists nothing, and what
    /// lies in it is its owner's alone. Again before each start of such a process, since a service manager may set the folder's mode when
    /// the front starts (StateDirectoryMode= of systemd).
    /// </summary>
    /// <exception cref="IOException">It was refused.</exception>
    /// <exception cref="UnauthorizedAccessException">It is somebody else's.</exception>
    public void LetPass()
    {
        // What else lies in it is made so that only its owner can read it.
        foreach (var file in ((string[])[Lock, PidFile]).Where(File.Exists))
        {
            Change(file, static mode => mode & ~NotOwner);
        }

        foreach (var folder in (string[])[Run, Releases, Root])
        {
            Change(folder, static mode => mode | UnixFileMode.OtherExecute);
        }
    }

    /// <summary>The sockets and role files of a user's workers; null: of the front's own user.</summary>
    public string RunOf(uint? user) => user is { } other ? Path.Combine(Run, other.ToString(CultureInfo.InvariantCulture)) : Run;

    /// <summary>All such folders.</summary>
    public IEnumerable<string> RunFolders() => Directory.EnumerateDirectories(Run).Prepend(Run);

    /// <summary>Makes that folder of another user where it is not there yet.</summary>
    /// <param name="user">The user's number.</param>
    /// <param name="give">Gives a folder to the user; false: it was refused.</param>
    /// <returns>Its path.</returns>
    /// <exception cref="IOException">It cannot be made or given.</exception>
    public string MakeRunOf(uint user, Func<string, bool> give)
    {
        var folder = RunOf(user);
        Directory.CreateDirectory(folder, OwnerOnly);
        return give(folder) ? folder : throw new IOException($"{folder} cannot be given to user {user}");
    }

    private static void Change(string path, Func<UnixFileMode, UnixFileMode> change)
    {
        var mode = File.GetUnixFileMode(path);
        if (change(mode) is var wanted && wanted != mode)
        {
            File.SetUnixFileMode(path, wanted);
        }
    }

    // XDG Base Directory Specification: $XDG_STATE_HOME, by default ~/.local/state.
    private static string Default() => Environment.IsPrivilegedProcess
        ? "/var/lib/bluegreen"
        : Path.Combine(
            FromEnvironment("XDG_STATE_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state"),
            "bluegreen");

    private static string? FromEnvironment(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
