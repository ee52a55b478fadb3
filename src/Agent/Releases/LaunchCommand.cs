using System.Text.Json.Serialization;
using BlueGreen.Agent.Releases.Commands;

namespace BlueGreen.Agent.Releases;

/// <summary>
/// How a release is started: a command line, to be run with the release's folder as working directory. Stored with the release,
/// so a rollback starts it as it was started before.
/// </summary>
internal sealed record LaunchCommand
{
    private const string UsualSearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>The command line, in shell syntax.</summary>
    public required string Line { get; init; }

    /// <summary>Where it was found, for messages: <c>command</c>, <c>Procfile</c>, <c>app.runtimeconfig.json</c>, ...</summary>
    public required string Origin { get; init; }

    /// <summary>A folder of the release that goes before PATH, for the worker too. Null: none.</summary>
    public string? ToolFolder { get; init; }

    /// <summary>
    /// Absolute path of the release. Not stored: it changes when a release is committed or a state folder moves.
    /// </summary>
    [JsonIgnore]
    public string Directory { get; init; } = "";

    /// <summary>
    /// Whether what is started is an ASP.NET Core application, found as such: it listens where ASPNETCORE_URLS says, on a port or on a
    /// socket. False for one that is started by a command line, which may well pass a port on.
    /// </summary>
    [JsonIgnore]
    public bool IsAspNetCore => DotnetApplication.IsForTheWeb(Path.Combine(Directory, Origin));

    /// <summary>
    /// Finds how a release is started: <paramref name="configured"/>; the Procfile's <c>web:</c> line;
    /// <c>X.runtimeconfig.json</c> (the program X, else <c>dotnet X.dll</c>); the only executable file at the top; the start
    /// script of package.json.
    /// </summary>
    /// <param name="releaseDirectory">Absolute path of the release.</param>
    /// <param name="configured">What the user said, or null.</param>
    /// <exception cref="ReleaseException">Nothing was found, or more than one; the message lists what was looked for.</exception>
    public static LaunchCommand Find(string releaseDirectory, string? configured)
    {
        if (configured is null)
        {
            return new CommandSearch(releaseDirectory).Find();
        }

        return string.IsNullOrWhiteSpace(configured)
            ? throw new ReleaseException("the command is empty; leave it out to have it found in the release")
            : new LaunchCommand { Line = configured, Origin = "command", Directory = releaseDirectory };
    }

    /// <summary>
    /// What to execute, the program as an absolute path. A simple command is executed itself, its variables filled in and its
    /// program checked (there, executable, for this machine, its interpreter there). Shell syntax goes to <c>/bin/sh -c</c>
    /// unchanged. There a shell may stay between the front and the program; a line that begins its last command with <c>exec</c>
    /// avoids it.
    /// </summary>
    /// <param name="environment">
    /// The worker's whole environment. A variable that is not in it is an error: left as it is or replaced by nothing, a misspelt
    /// <c>$PORT</c> would start a worker that listens elsewhere.
    /// </param>
    /// <exception cref="ReleaseException">It cannot be started; one line says why.</exception>
    public IReadOnlyList<string> ToArguments(IReadOnlyDictionary<string, string> environment)
    {
        string searchPath = SearchPath(environment);
        IReadOnlyList<string> command = CommandLineParser.Parse(Line) is { } words
            ? Direct(words.Expand(name => Value(name, environment)), searchPath)
            : ["/bin/sh", "-c", Line];
        return ToolFolder is null ? command : ["/usr/bin/env", $"PATH={searchPath}", .. command];
    }

    private string[] Direct(IReadOnlyList<string> words, string searchPath) => words is [{ Length: > 0 } program, ..]
        ? [new ProgramFile(Directory, searchPath).Find(program), .. words.Skip(1)]
        : throw new ReleaseException($"the command ({Origin}) names no program: {Line}");

    private string Value(string name, IReadOnlyDictionary<string, string> environment) =>
        environment.TryGetValue(name, out string? value) ? value : throw new ReleaseException(
            $"the command ({Origin}) uses ${name}, which is not set; set it under env, or write ${{{name}:-}} if it may miss");

    private string SearchPath(IReadOnlyDictionary<string, string> environment)
    {
        string path = environment.GetValueOrDefault("PATH") ?? Environment.GetEnvironmentVariable("PATH") ?? UsualSearchPath;
        return ToolFolder is null ? path : $"{Path.Combine(Directory, ToolFolder)}:{path}";
    }
}
