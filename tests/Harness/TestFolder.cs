namespace BlueGreen.Harness;

/// <summary>
/// A test's own place on the disk: the state folder of its fronts, its releases, its configuration. Disposing it kills whatever
/// still runs with this state folder, then removes it. Its path is short, since a socket's may hold 107 bytes only.
/// </summary>
public sealed class TestFolder : IDisposable
{
    /// <summary>The variable a front of this folder and all its workers carry.</summary>
    public const string Mark = "BLUEGREEN_STATE";

    private const UnixFileMode Executable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>The folder.</summary>
    public string Root { get; } = Directory.CreateTempSubdirectory("bg-").FullName;

    /// <summary>The state folder.</summary>
    public string State => In("s");

    /// <summary>Variables the fronts of this folder are started with, besides what the tests run with.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>The path of its fronts' control socket.</summary>
    public string ControlSocket => In("s", "control.sock");

    /// <summary>The processes that workers run as, their own children included.</summary>
    public IReadOnlyList<int> WorkerPids =>
        [.. ProcessTable.With(Mark, State).Where(pid => ProcessTable.EnvironmentOf(pid).ContainsKey("BLUEGREEN_WORKER"))];

    /// <summary>A path in this folder.</summary>
    public string In(params string[] names) => Path.Combine([Root, .. names]);

    /// <summary>Writes a file and its folder.</summary>
    /// <returns>Its path.</returns>
    public string Write(string name, string text, bool executable = false)
    {
        var path = In(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        if (executable)
            File.SetUnixFileMode(path, Executable);
        return path;
    }

    /// <summary>Writes bluegreen.yaml.</summary>
    /// <returns>Its path.</returns>
    public string Configure(string yaml) => Write("bluegreen.yaml", yaml);

    /// <summary>Writes bluegreen.yaml unless there is one.</summary>
    public void ConfigureByDefault(string yaml)
    {
        if (!File.Exists(In("bluegreen.yaml")))
            Configure(yaml);
    }

    /// <summary>Removes what its front has written down, the copies too.</summary>
    public void LoseState()
    {
        foreach (var file in Directory.EnumerateFiles(State, "state.json*"))
            File.Delete(file);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Again and again: one that was just being started is not seen at first.
        while (ProcessTable.With(Mark, State) is { Count: > 0 } left)
            foreach (var pid in left)
                ProcessTable.Signal(pid, Signals.Kill);
        Directory.Delete(Root, recursive: true);
    }
}
