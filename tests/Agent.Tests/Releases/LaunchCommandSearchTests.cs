using BlueGreen.Agent.Releases;

namespace BlueGreen.Agent.Tests.Releases;

public sealed class LaunchCommandSearchTests : IDisposable
{
    private const string RuntimeConfig = """{"runtimeOptions":{"framework":{"name":"Microsoft.NETCore.App"}}}""";
    private const string SelfContained = """{"runtimeOptions":{"includedFrameworks":[{"name":"Microsoft.NETCore.App"}]}}""";
    private const string Package = """{"scripts":{"start":"node server.js --port $PORT"}}""";

    private readonly TemporaryFolder _folder = new();

    /// <summary>
    /// Files (NAME or NAME:CONTENT; a trailing + makes one executable, a leading = a program of this machine), what is configured,
    /// then line and origin of the command.
    /// </summary>
    public static TheoryData<string[], string?, string, string> Releases => new()
    {
        { ["Procfile: web: ./a", "a+"], "./b --x", "./b --x", "command" },
        { ["Procfile:# note\nworker: x\nweb:  puma -p $PORT \r\n", "=A+", "A.runtimeconfig.json"], null, "puma -p $PORT", "Procfile" },
        { ["Procfile:worker: x", "run+"], null, "./run", "run" },
        { ["=App+", "App.dll", "App.runtimeconfig.json", "App.runtimeconfig.dev.json"], null, "./App", "App.runtimeconfig.json" },
        { ["App.dll", "App.runtimeconfig.json"], null, "dotnet App.dll", "App.runtimeconfig.json" },
        { ["=App", "App.dll", "App.runtimeconfig.json"], null, "dotnet App.dll", "App.runtimeconfig.json" },
        { ["My App.dll", "My App.runtimeconfig.json"], null, "dotnet 'My App.dll'", "My App.runtimeconfig.json" },
        { ["=App", "App.dll", $"App.runtimeconfig.json:{SelfContained}"], null, "./App", "App.runtimeconfig.json" },
        { ["=App+", "=createdump+", "App.runtimeconfig.json"], null, "./App", "App.runtimeconfig.json" },
        { ["run+", "package.json"], null, "./run", "run" },
        { ["=my server+", "=lib.so+", "=libz.so.1.2+", "readme"], null, "'./my server'", "my server" },
        { ["=server+", "data.bin:garbage+"], null, "./server", "server" },
        { ["package.json", "server.js"], null, "node server.js --port $PORT", "package.json" },
        { ["""package.json:{"scripts":{"start":"x","prestart":"y"}}"""], null, "npm start", "package.json" },
    };

    public static TheoryData<string[], string?, string> Refused => new()
    {
        { ["readme"], null, "no Procfile, no *.runtimeconfig.json, no executable file (readme is neither" },
        { ["readme", "license"], null, "no *.runtimeconfig.json, no executable file, no package.json; say how with --command" },
        { ["Procfile:worker: x", """package.json:{"scripts":{}}"""], null, "no web: line in the Procfile" },
        { ["Procfile:worker: x", """package.json:{"scripts":{}}"""], null, "no start script in package.json" },
        { ["""package.json:{"scripts":{"start":" "}}"""], null, "no start script in package.json" },
        { ["package.json:[]"], null, "no start script in package.json" },
        { ["package.json:{"], null, "package.json is not JSON" },
        { ["=server"], null, "server lacks the permission: chmod +x" },
        { ["run", "data"], null, "run lacks the permission: chmod +x" },
        { ["data.bin:garbage+"], null, "data.bin is neither a program of Linux nor a script" },
        { ["=a+", "b.sh+"], null, "has 2 executable files (a, b.sh); say which with --command" },
        { ["A.runtimeconfig.json", "B.runtimeconfig.json"], null, "2 .NET applications (A.runtimeconfig.json, B.runtimeconfig.json)" },
        { ["run+"], " ", "the command is empty" },
    };

    [Theory]
    [MemberData(nameof(Releases))]
    public void The_first_way_that_applies_starts_the_release(string[] files, string? configured, string line, string origin)
    {
        Make(files);

        LaunchCommand command = LaunchCommand.Find(_folder.Path, configured);

        Assert.Equal(line, command.Line);
        Assert.Equal(origin, command.Origin);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_release_without_one_clear_way_is_refused(string[] files, string? configured, string reason)
    {
        Make(files);

        var refusal = Assert.Throws<ReleaseException>(() => LaunchCommand.Find(_folder.Path, configured));

        Assert.Contains(reason, refusal.Message);
    }

    [Fact]
    public void A_program_for_another_machine_leaves_a_portable_application_to_dotnet()
    {
        Make(["App.dll", "App.runtimeconfig.json"]);
        _folder.Write("App", Elf.Program(machine: 8), TemporaryFolder.Executable);

        Assert.Equal("dotnet App.dll", LaunchCommand.Find(_folder.Path, null).Line);
    }

    [Theory]
    [InlineData("""{"runtimeOptions":{"frameworks":[{"name":"Microsoft.AspNetCore.App"}]}}""", null, true)]
    [InlineData("""{"runtimeOptions":{"includedFrameworks":[{"name":"Microsoft.AspNetCore.App"}]}}""", null, true)]
    [InlineData("""{"runtimeOptions":{"framework":{"name":"Microsoft.NETCore.App"}}}""", null, false)]
    [InlineData("""{"runtimeOptions":{"frameworks":[{"name":"Microsoft.AspNetCore.App"}]}}""", "./App --port $PORT", false)]
    public void An_application_is_known_to_take_a_socket_by_its_framework_alone(string config, string? configured, bool isKnown)
    {
        Make(["App+", $"App.runtimeconfig.json:{config}"]);

        Assert.Equal(isKnown, LaunchCommand.Find(_folder.Path, configured).IsAspNetCore);
    }

    [Fact]
    public void A_link_that_leads_nowhere_or_in_circles_does_not_disturb_the_search()
    {
        Make(["run+"]);
        File.CreateSymbolicLink(_folder["dangling"], "none");
        File.CreateSymbolicLink(_folder["circle"], "circle");

        Assert.Equal("./run", LaunchCommand.Find(_folder.Path, null).Line);
    }

    [Fact]
    public void The_tools_of_a_node_package_come_before_PATH_as_npm_has_it()
    {
        Make(["""package.json:{"scripts":{"start":"serve --port $PORT"}}""", "node_modules/.bin/serve+"]);
        var environment = new Dictionary<string, string> { ["PORT"] = "5000", ["PATH"] = "/usr/bin:/bin" };
        string tools = _folder["node_modules/.bin"];

        Assert.Equal(
            ["/usr/bin/env", $"PATH={tools}:/usr/bin:/bin", $"{tools}/serve", "--port", "5000"],
            LaunchCommand.Find(_folder.Path, null).ToArguments(environment));
    }

    public void Dispose() => _folder.Dispose();

    private void Make(string[] files)
    {
        foreach (string file in files)
        {
            UnixFileMode mode = file.EndsWith('+') ? TemporaryFolder.Executable : TemporaryFolder.Plain;
            string[] parts = file.TrimEnd('+').Split(':', 2);
            string name = parts[0].TrimStart('=');
            if (parts[0] != name)
            {
                _folder.Write(name, Elf.Program(), mode);
            }
            else
            {
                _folder.Write(name, parts.Length > 1 ? parts[1] : Usual(name), mode);
            }
        }
    }

    private static string Usual(string name) => Path.GetExtension(name) switch
    {
        _ when name.EndsWith("runtimeconfig.json", StringComparison.Ordinal) => RuntimeConfig,
        ".json" => Package,
        ".dll" => "MZ",
        _ when name is "run" or "a" or "b.sh" or "node_modules/.bin/serve" => "#!/bin/sh\n",
        _ => "text",
    };
}
