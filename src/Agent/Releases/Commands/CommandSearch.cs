using System.Text.Json;
using System.Text.RegularExpressions;
using BlueGreen.Agent.Releases.Disk;

namespace BlueGreen.Agent.Releases.Commands;

/// <summary>Finds in a release how it is started. Keeps what it looked for in vain, for the error.</summary>
internal sealed partial class CommandSearch(string directory)
{
    private readonly List<string> _lookedFor = [];

    /// <summary>The first that applies: Procfile, .NET application, only executable, package.json.</summary>
    /// <exception cref="ReleaseException">Nothing applies, or two things do.</exception>
    public LaunchCommand Find()
    {
        try
        {
            return FindProcfile() ?? FindDotnet() ?? FindExecutable() ?? FindPackage() ?? throw new ReleaseException(
                $"found no way to start the release: {string.Join(", ", _lookedFor)}; "
                + "say how with --command, or command in the configuration");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ReleaseException($"cannot look for a way to start the release: {failure.Message}", failure);
        }
    }

    private LaunchCommand? FindProcfile()
    {
        if (Procfile.Read(directory) is not { } lines)
        {
            return NotFound("no Procfile");
        }

        return lines.TryGetValue(ProcessTypes.Web, out string? command)
            ? Command(command, Procfile.Name)
            : NotFound("no web: line in the Procfile");
    }

    private LaunchCommand? FindDotnet()
    {
        string[] found = Names(
            name => name.Length > DotnetApplication.Ending.Length && name.EndsWith(DotnetApplication.Ending, StringComparison.Ordinal));
        if (found.Length == 0)
        {
            return NotFound($"no *{DotnetApplication.Ending}");
        }

        string config = OnlyOne(found, ".NET applications");
        string program = config[..^DotnetApplication.Ending.Length];
        bool isStartable = IsExecutable(program)
            && Header(program) is { Kind: ProgramKind.Elf, Machine: var machine } && Machine.Runs(machine);

        // A self-contained application names the frameworks it includes, and `dotnet X.dll` refuses it.
        bool isSelfContained = File.ReadAllText(Path.Combine(directory, config))
            .Contains("\"includedFrameworks\"", StringComparison.Ordinal);
        return isStartable || isSelfContained || !File.Exists(Path.Combine(directory, $"{program}.dll"))
            ? Command(ShellWords.Quote($"./{program}"), config)
            : Command($"dotnet {ShellWords.Quote($"{program}.dll")}", config);
    }

    private LaunchCommand? FindExecutable()
    {
        string[] executables = Names(name => IsExecutable(name) && IsProgram(name));
        if (executables.Length > 0)
        {
            return Command(ShellWords.Quote($"./{OnlyOne(executables, "executable files")}"), executables[0]);
        }

        return NotFound((Names(IsProgram), Names(_ => true)) switch
        {
            ([var program, ..], _) => $"no executable file ({program} lacks the permission: chmod +x)",
            (_, [var only]) => $"no executable file ({only} is neither a program of Linux nor a script with a #! line)",
            _ => "no executable file",
        });
    }

    private LaunchCommand? FindPackage()
    {
        const string name = "package.json";
        if (!File.Exists(Path.Combine(directory, name)))
        {
            return NotFound("no package.json");
        }

        try
        {
            using JsonDocument package = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(directory, name)));
            return package.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("scripts", out JsonElement scripts) && scripts.ValueKind == JsonValueKind.Object
                && scripts.TryGetProperty("start", out JsonElement start) && start.ValueKind == JsonValueKind.String
                && !string.IsNullOrWhiteSpace(start.GetString())
                    ? NodeCommand(start.GetString()!, scripts, name)
                    : NotFound("no start script in package.json");
        }
        catch (JsonException damage)
        {
            throw new ReleaseException($"the release's package.json is not JSON: {damage.Message}", damage);
        }
    }

    /// <summary>
    /// The start script itself, with node_modules/.bin in PATH as npm has it. Under `npm start` the worker would be npm, a shell
    /// below it and node below that, and the shell passes no SIGTERM on. Only a package with hooks around its start script needs
    /// npm.
    /// </summary>
    private LaunchCommand NodeCommand(string script, JsonElement scripts, string origin)
    {
        const string tools = "node_modules/.bin";
        bool hasHooks = scripts.TryGetProperty("prestart", out _) || scripts.TryGetProperty("poststart", out _);
        return hasHooks
            ? Command("npm start", origin)
            : Command(script, origin) with { ToolFolder = Directory.Exists(Path.Combine(directory, tools)) ? tools : null };
    }

    private LaunchCommand Command(string line, string origin) => new() { Line = line, Origin = origin, Directory = directory };

    private LaunchCommand? NotFound(string what)
    {
        _lookedFor.Add(what);
        return null;
    }

    private static string OnlyOne(string[] names, string what) => names is [var only]
        ? only
        : throw new ReleaseException(
            $"the release has {names.Length} {what} ({string.Join(", ", names)}); say which with --command");

    private string[] Names(Func<string, bool> condition) =>
        [.. Directory.GetFiles(directory).Where(path => FileStatus.Of(path, follow: true)?.Kind == FileKind.File)
            .Select(path => Path.GetFileName(path)).Where(condition).Order(StringComparer.Ordinal)];

    private bool IsExecutable(string name) =>
        FileStatus.Of(Path.Combine(directory, name), follow: true) is { Kind: FileKind.File, IsExecutable: true };

    private bool IsProgram(string name) => !SharedLibrary().IsMatch(name) && Header(name).IsRunnable;

    private ProgramHeader Header(string name)
    {
        try
        {
            return ProgramHeader.Read(Path.Combine(directory, name));
        }
        catch (UnauthorizedAccessException)
        {
            return new ProgramHeader(ProgramKind.Unknown); // a file that may not be read is no reason to refuse the others
        }
    }

    [GeneratedRegex(@"\.so(\.[0-9]+)*\z")]
    private static partial Regex SharedLibrary();
}
