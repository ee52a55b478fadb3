namespace BlueGreen.Harness;

/// <summary>Makes releases to deploy: workers that are good or bad by their content.</summary>
public static class SampleRelease
{
    private static readonly string[] Files = ["SampleWorker", "SampleWorker.dll", "SampleWorker.deps.json", "SampleWorker.runtimeconfig.json"];

    /// <summary>A folder with the ASP.NET Core worker; one that is there already is replaced.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="name">The name of the release's folder, so its label.</param>
    /// <param name="behaviour">Lines <c>key=value</c>: how it behaves.</param>
    /// <returns>Its path.</returns>
    public static string Make(TestFolder folder, string name, params string[] behaviour)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var path = Directory.CreateDirectory(folder.In(name)).FullName;
        foreach (var file in Files)
            File.Copy(Path.Combine(Programs.SampleWorker, file), Path.Combine(path, file), overwrite: true);
        File.WriteAllLines(Path.Combine(path, "behaviour"), behaviour);
        return path;
    }

    /// <summary>A folder with the ASP.NET Core worker and a cron beside it.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="name">The name of the release's folder.</param>
    /// <param name="further">Further lines of the Procfile.</param>
    /// <param name="behaviour">Lines <c>key=value</c>: how both behave.</param>
    public static string MakeWithCron(TestFolder folder, string name, string further = "", params string[] behaviour) =>
        MakeWithProcfile(folder, name, $"web: ./SampleWorker\ncron: ./SampleWorker --cron\n{further}", behaviour);

    /// <summary>A folder with the ASP.NET Core worker and a Procfile.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="name">The name of the release's folder.</param>
    /// <param name="procfile">Its lines.</param>
    /// <param name="behaviour">Lines <c>key=value</c>: how its processes behave.</param>
    public static string MakeWithProcfile(TestFolder folder, string name, string procfile, params string[] behaviour)
    {
        var path = Make(folder, name, behaviour);
        File.WriteAllText(Path.Combine(path, "Procfile"), procfile);
        return path;
    }

    /// <summary>A folder with the ASP.NET Core worker, which starts only once a file is there: the test says when.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="name">The name of the release's folder.</param>
    /// <param name="gate">The file it waits for.</param>
    public static string MakeGated(TestFolder folder, string name, string gate) =>
        MakeWithProcfile(folder, name, $"web: sh -c 'until [ -e {gate} ]; do sleep 0.05; done; exec ./SampleWorker'\n");

    /// <summary>A folder with the worker that speaks gRPC.</summary>
    public static string MakeGrpc(TestFolder folder, string name) => CopyOf(Programs.GrpcWorker, folder, name);

    /// <summary>A folder with the Node worker.</summary>
    public static string MakeNode(TestFolder folder, string name) => CopyOf(Programs.NodeWorker, folder, name);

    /// <summary>A folder with the Python worker.</summary>
    public static string MakePython(TestFolder folder, string name) => CopyOf(Programs.PythonWorker, folder, name);

    private static string CopyOf(string source, TestFolder folder, string name)
    {
        var path = Directory.CreateDirectory(folder.In(name)).FullName;
        foreach (var file in Directory.EnumerateFiles(source))
            File.Copy(file, Path.Combine(path, Path.GetFileName(file)));
        return path;
    }
}
