using System.Runtime.InteropServices;

namespace BlueGreen.Harness;

/// <summary>Where the programs under test are: what the same build, in the same configuration, has made.</summary>
public static class Programs
{
    // AppContext.BaseDirectory is tests/PROJECT/bin/CONFIGURATION/net10.0/.
    private static readonly DirectoryInfo Output = new(AppContext.BaseDirectory.TrimEnd('/'));
    private static readonly string Repository = Path.GetFullPath(Path.Combine(Output.FullName, "../../../../.."));

    /// <summary>The <c>bluegreen</c> executable. A program that tests another one says so once, at its start.</summary>
    public static string Bluegreen { get; set; } = Path.Combine(OutputOf("src/Agent"), "bluegreen");

    /// <summary>The folder of the built ASP.NET Core worker.</summary>
    public static string SampleWorker { get; } = OutputOf("tests/SampleWorker");

    /// <summary>The folder of the built worker that speaks gRPC.</summary>
    public static string GrpcWorker { get; } = OutputOf("tests/GrpcWorker");

    /// <summary>The folder of the Node worker.</summary>
    public static string NodeWorker { get; } = Path.Combine(Repository, "tests/SampleWorker/node");

    /// <summary>The folder of the Python worker.</summary>
    public static string PythonWorker { get; } = Path.Combine(Repository, "tests/SampleWorker/python");

    /// <summary>The folder of the files that are installed with it.</summary>
    public static string Deploy { get; } = Path.Combine(Repository, "deploy");

    /// <summary>The folder of the examples for workers that lead.</summary>
    public static string Examples { get; } = Path.Combine(Deploy, "examples");

    /// <summary>The folder of the built example for ASP.NET Core.</summary>
    public static string DotnetExample { get; } = OutputOf("deploy/examples/dotnet");

    /// <summary>The installation the tests run on (DOTNET_ROOT): built programs look in the system's places only.</summary>
    public static string DotnetRoot { get; } =
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));

    private static string OutputOf(string project) =>
        Path.Combine(Repository, project, "bin", Output.Parent!.Name, Output.Name);
}
