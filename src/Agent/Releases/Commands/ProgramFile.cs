using BlueGreen.Agent.Releases.Disk;

namespace BlueGreen.Agent.Releases.Commands;

/// <summary>
/// Finds the program of a command and makes sure that the kernel will start it. What exec would answer with a bare "No such file"
/// or "Exec format error", in a log nobody looks at yet, is said here in words and before anything runs.
/// </summary>
/// <param name="directory">Absolute path of the release.</param>
/// <param name="searchPath">The value of PATH.</param>
internal sealed class ProgramFile(string directory, string searchPath)
{
    /// <summary>The absolute path of a program that can be started.</summary>
    /// <param name="program">
    /// A path, relative to the release or absolute; or a bare name, of a file of the release or in PATH.
    /// </param>
    /// <exception cref="ReleaseException">It does not exist or cannot be started.</exception>
    public string Find(string program)
    {
        string inRelease = Path.GetFullPath(Path.Combine(directory, program));
        string path = program.Contains('/', StringComparison.Ordinal) || IsProgram(inRelease)
            ? inRelease
            : InSearchPath(program) ?? (File.Exists(inRelease) ? inRelease : throw new ReleaseException(
                $"the program {program} is neither in the release nor in PATH ({searchPath}); install it or correct it"));
        Check(path, path.StartsWith(directory + '/', StringComparison.Ordinal) ? Path.GetRelativePath(directory, path) : path);
        return path;
    }

    private void Check(string path, string name)
    {
        FileStatus status = FileStatus.Of(path, follow: true)
            ?? throw new ReleaseException($"the program {name} does not exist; correct the command");
        if (status.Kind != FileKind.File)
        {
            string kind = status.Kind == FileKind.Folder ? "directory" : "special file";
            throw new ReleaseException($"{name} is no program but a {kind}; correct the command");
        }

        if (!status.IsExecutable)
        {
            throw new ReleaseException($"{name} is not executable; run chmod +x on it and deploy again");
        }

        CheckHeader(ReadHeader(path, name), name);
    }

    private void CheckHeader(ProgramHeader header, string name)
    {
        string? problem = header switch
        {
            { Kind: ProgramKind.Windows } => "is a program of Windows; build it for Linux",
            { Kind: ProgramKind.MacOs } => "is a program of macOS; build it for Linux",
            { Kind: ProgramKind.Script } => ScriptProblem(header),
            { Kind: ProgramKind.Elf } when !Machine.Runs(header.Machine) =>
                $"is built for {Machine.Name(header.Machine)}, this machine is {Machine.Name(Machine.This)}; build it for that",
            { Kind: ProgramKind.Elf, Interpreter: { } loader } when !File.Exists(loader) =>
                $"needs the loader {loader}, which this system does not have; build it for this system's C library, or static",
            { Kind: ProgramKind.Elf } => null,
            _ => "is neither a program of Linux nor a script with a #! line; build it again, or name its interpreter",
        };
        if (problem is not null)
        {
            throw new ReleaseException($"{name} {problem}");
        }
    }

    private string? ScriptProblem(ProgramHeader script)
    {
        string interpreter = script.Interpreter!;
        if ((interpreter + script.InterpreterArgument).EndsWith('\r'))
        {
            return "has Windows line ends, so its #! line names no program; save it with Unix line ends";
        }

        string path = Path.Combine(directory, interpreter); // the kernel takes a relative one from the worker's working directory
        if (!IsProgram(path))
        {
            return $"is a script for {interpreter}, which is not there; install it or correct the #! line";
        }

        string argument = script.InterpreterArgument;
        bool isName = argument is [not '-', ..] && argument.AsSpan().IndexOfAny("= /") < 0;
        return isName && Path.GetFileName(interpreter) == "env" && InSearchPath(argument) is null
            ? $"is a script for {argument}, which is not in PATH ({searchPath}); install it"
            : null;
    }

    private string? InSearchPath(string name) =>
        searchPath.Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.GetFullPath(Path.Combine(directory, folder, name)))
            .FirstOrDefault(IsProgram);

    private static bool IsProgram(string path) =>
        FileStatus.Of(path, follow: true) is { Kind: FileKind.File, IsExecutable: true };

    private static ProgramHeader ReadHeader(string path, string name)
    {
        try
        {
            return ProgramHeader.Read(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ReleaseException($"{name} cannot be read: {failure.Message}", failure);
        }
    }
}
