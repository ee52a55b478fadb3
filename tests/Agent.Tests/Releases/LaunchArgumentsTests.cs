using BlueGreen.Agent.Releases;

namespace BlueGreen.Agent.Tests.Releases;

public sealed class LaunchArgumentsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public LaunchArgumentsTests() => _folder.Script("app");

    public static Dictionary<string, string> Environment { get; } = new()
    {
        ["PATH"] = "/usr/bin:/bin",
        ["PORT"] = "5000",
        ["HOST"] = "127.0.0.1",
        ["EMPTY"] = "",
        ["OPTIONS"] = " -a  -b ",
        ["SPACED"] = "two words",
        ["QUOTES"] = "\"a\" 'b' $PORT *",
    };

    public static TheoryData<string, string[]> Simple => new()
    {
        { "./app", [] },
        { "  ./app\t-x  ", ["-x"] },
        { "./app --port $PORT", ["--port", "5000"] },
        { "./app --urls=http://${HOST}:$PORT/", ["--urls=http://127.0.0.1:5000/"] },
        { "./app '$PORT' \\$PORT", ["$PORT", "$PORT"] },
        { "./app \"$HOST:$PORT\"", ["127.0.0.1:5000"] },
        { "./app $SPACED", ["two", "words"] },
        { "./app \"$SPACED\" x$SPACED\"y\"", ["two words", "xtwo", "wordsy"] },
        { "./app $OPTIONS .$OPTIONS.", ["-a", "-b", ".", "-a", "-b", "."] },
        { "./app $EMPTY x$EMPTY \"$EMPTY\"", ["x", ""] },
        { "./app $QUOTES", ["\"a\"", "'b'", "$PORT", "*"] },
        { "./app '' \"\" a''b", ["", "", "ab"] },
        { "./app 'a \"b\" \\c' \"d 'e' \\\"f\\\" \\g \\\\ \\$h\"", ["a \"b\" \\c", "d 'e' \"f\" \\g \\ $h"] },
        { "./app a\\ b 'it'\\''s' '|' \";\" \\& \"*\"", ["a b", "it's", "|", ";", "&", "*"] },
        { "./app cost$ $ a#b a~b A=1 {x,y} 100%", ["cost$", "$", "a#b", "a~b", "A=1", "{x,y}", "100%"] },
        { "./app größe", ["größe"] },
    };

    [Theory]
    [MemberData(nameof(Simple))]
    public void A_simple_command_is_split_and_expanded_as_a_shell_would(string line, string[] arguments) =>
        Assert.Equal([_folder["app"], .. arguments], Arguments(line));

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Simple))]
    public async Task The_systems_shell_agrees_on_every_simple_command(string line, string[] arguments)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        _folder.Script("app", "for a in \"$@\"; do printf '%s\\n' \"$a\"; done\n");
        var start = new System.Diagnostics.ProcessStartInfo("/bin/sh", ["-c", line])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
        };
        start.Environment.Clear();
        foreach ((string name, string value) in Environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["QUOTES"] = "\"a\" 'b' $PORT no-glob"; // its star would become file names
        using var process = System.Diagnostics.Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync(token);
        await process.WaitForExitAsync(token);

        bool hasStar = line.EndsWith("$QUOTES", StringComparison.Ordinal);
        IEnumerable<string> expected = arguments.Select(argument => hasStar && argument == "*" ? "no-glob" : argument);
        Assert.Equal(string.Concat(expected.Select(argument => argument + "\n")), output);
    }

    [Theory]
    [InlineData("./app | cat")]
    [InlineData("./migrate && ./app")]
    [InlineData("./app; true")]
    [InlineData("./app > log")]
    [InlineData("./app < in")]
    [InlineData("./app 2>&1")]
    [InlineData("./app &")]
    [InlineData("(./app)")]
    [InlineData("{ ./app; }")]
    [InlineData("./app *.conf")]
    [InlineData("./app conf?")]
    [InlineData("./app [ab]")]
    [InlineData("./app ~/conf")]
    [InlineData("./app # comment")]
    [InlineData("./app $(cat port)")]
    [InlineData("./app `cat port`")]
    [InlineData("./app \"`cat port`\"")]
    [InlineData("./app \"$(cat port)\"")]
    [InlineData("./app ${UNSET:-5000}")]
    [InlineData("./app \"${UNSET-x}\"")]
    [InlineData("./app $1 $$")]
    [InlineData("./app $UNKNOWN | cat")]
    [InlineData("NODE_ENV=production ./app")]
    [InlineData("A=\"$PORT\" ./app")]
    [InlineData("exec ./app")]
    [InlineData("cd sub")]
    [InlineData("! ./app")]
    [InlineData("./app\n./other")]
    [InlineData("./app \\\n --x")]
    public void Shell_syntax_goes_to_the_shell_as_it_is(string line) =>
        Assert.Equal(["/bin/sh", "-c", line], Arguments(line));

    [Theory]
    [InlineData("./app --port $PROT", "the command (command) uses $PROT, which is not set; set it under env, or write ${PROT:-}")]
    [InlineData("./app \"${PROT}\"", "uses $PROT")]
    [InlineData("./app 'open", "lacks a closing '")]
    [InlineData("./app \"open", "lacks a closing \"")]
    [InlineData("./app \\", "ends with a backslash")]
    [InlineData("$EMPTY", "names no program")]
    [InlineData("''", "names no program")]
    public void A_command_that_cannot_be_meant_is_refused(string line, string reason) =>
        Assert.Contains(reason, Assert.Throws<ReleaseException>(() => Arguments(line)).Message);

    public void Dispose() => _folder.Dispose();

    private IReadOnlyList<string> Arguments(string line) => LaunchCommand.Find(_folder.Path, line).ToArguments(Environment);
}
