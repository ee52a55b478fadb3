using BlueGreen.Agent.Tests.Releases;

namespace BlueGreen.Agent.Tests.Cli;

/// <summary>What needs no front.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Commands =>
        ["run", "deploy", "rollback", "restart", "run-once", "status", "releases", "history", "logs", "reload", "validate", "stop", "completion"];

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Commands))]
    public async Task The_help_of_a_command_ends_with_examples(string command)
    {
        var (exitCode, output, errors) = await RunAsync(command, "--help");

        Assert.Equal((0, ""), (exitCode, errors));
        var examples = output.TrimEnd('\n').Split("\nExamples:\n");
        Assert.Equal(2, examples.Length);
        Assert.All(examples[1].Split('\n'), line => Assert.StartsWith($"  bluegreen ", line, StringComparison.Ordinal));
        Assert.Contains($"bluegreen {command}", examples[1], StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_help_of_the_program_lists_its_commands_and_ends_with_examples()
    {
        var (exitCode, output, _) = await RunAsync("--help");

        Assert.Equal(0, exitCode);
        Assert.All(Commands, command => Assert.Contains($"\n  {command.Data} ", output, StringComparison.Ordinal));
        Assert.Contains("\nExamples:\n  bluegreen run ./v1 ", output, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("", "Required command was not provided. See 'bluegreen --help'.")]
    [InlineData("deplyo ./v2", "There is no command or option 'deplyo'. See 'bluegreen --help'.")]
    [InlineData("deploy", "Required argument 'SOURCE' missing for command: 'deploy'. See 'bluegreen deploy --help'.")]
    [InlineData("status extra", "Unrecognized command or argument 'extra'. See 'bluegreen status --help'.")]
    [InlineData("deploy . --timeout soon", "--timeout: 'soon' is not a duration: write for example 250ms, 30s, 10m, 1h or 1m30s. See 'bluegreen deploy --help'.")]
    [InlineData("deploy . --timeout 0s", "--timeout: must be more than zero. See 'bluegreen deploy --help'.")]
    [InlineData("logs --lines -1", "--lines: must be from 0 to 100000. See 'bluegreen logs --help'.")]
    [InlineData("history --lines 0", "--lines: must be from 1 to 100000. See 'bluegreen history --help'.")]
    [InlineData("releases prune --keep 0", "--keep: must be from 1 to 1000. See 'bluegreen releases prune --help'.")]
    [InlineData("releases show", "Required argument 'RELEASE' missing for command: 'show'. See 'bluegreen releases show --help'.")]
    [InlineData("run --app ../x", null)]
    [InlineData("run --listen ftp://x", null)]
    [InlineData("rollback six", null)]
    [InlineData("run-once", "name a process type, or a command behind '--'. See 'bluegreen run-once --help'.")]
    [InlineData("run-once --", "name a process type, or a command behind '--'. See 'bluegreen run-once --help'.")]
    [InlineData("run-once -- ''", "the command behind '--' must not be empty. See 'bluegreen run-once --help'.")]
    [InlineData("run-once ls -l", "'-l' is not understood: write 'bluegreen run-once ls -- -l', or, for any command, 'bluegreen run-once -- ls -l'")]
    [InlineData("run-once a b -- c", "'b' is not understood: write 'bluegreen run-once a -- b', or, for any command, 'bluegreen run-once -- a b'")]
    [InlineData("run-once a --timeout 0s", "--timeout: must be more than zero. See 'bluegreen run-once --help'.")]
    [InlineData("completion tcsh", "Argument 'tcsh' not recognized. Must be one of: 'bash' 'zsh' 'fish'. See 'bluegreen completion --help'.")]
    [InlineData("status --state ''", "--state: must not be empty. See 'bluegreen status --help'.")]
    [InlineData("run --state ''", "--state: must not be empty. See 'bluegreen run --help'.")]
    [InlineData("run --config ''", "--config: must not be empty. See 'bluegreen run --help'.")]
    [InlineData("run ''", "RELEASE: must not be empty. See 'bluegreen run --help'.")]
    [InlineData("deploy ''", "SOURCE: must not be empty. See 'bluegreen deploy --help'.")]
    [InlineData("validate --config ''", "--config: must not be empty. See 'bluegreen validate --help'.")]
    public async Task Wrong_usage_is_one_line(string arguments, string? line)
    {
        var (exitCode, output, errors) = await RunAsync(
            [.. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(argument => argument.Trim('\''))]);

        Assert.Equal((ExitCodes.Usage, ""), (exitCode, output));
        Assert.Single(errors.TrimEnd('\n').Split('\n'));
        Assert.StartsWith("bluegreen: ", errors, StringComparison.Ordinal);
        Assert.Equal(line is null ? errors : $"bluegreen: {line}\n", errors);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("status")]
    [InlineData("reload")]
    [InlineData("stop")]
    [InlineData("releases")]
    [InlineData("releases show 7")]
    [InlineData("releases prune")]
    [InlineData("history")]
    [InlineData("logs")]
    [InlineData("rollback")]
    [InlineData("restart")]
    [InlineData("deploy .")]
    [InlineData("run-once cleanup")]
    [InlineData("run-once --detach cleanup")]
    public async Task Without_a_front_the_exit_code_is_3(string command)
    {
        var (exitCode, output, errors) = await RunAsync([.. command.Split(' '), "--state", _folder["none"]]);

        Assert.Equal((ExitCodes.NoFront, ""), (exitCode, output));
        Assert.Equal(
            $"bluegreen: no front answers at {_folder["none/control.sock"]}; start one with 'bluegreen run', or name its folder with --state\n", errors);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_source_that_is_not_there_is_the_users_mistake()
    {
        var (exitCode, _, errors) = await RunAsync("deploy", "./v2");

        Assert.Equal((ExitCodes.Usage, $"bluegreen: there is nothing at {_folder["v2"]} to deploy\n"), (exitCode, errors));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_state_folder_whose_socket_path_is_too_long_is_refused()
    {
        var (exitCode, _, errors) = await RunAsync("status", "--state", "/" + new string('x', 100));

        Assert.Equal(ExitCodes.Usage, exitCode);
        Assert.StartsWith("bluegreen: the path of the control socket is 114 bytes long, 107 are possible", errors, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_configuration_is_validated_without_a_front()
    {
        _folder.Write("good.yaml", "apps: {web: {}, api: {path: /api}}\n");
        _folder.Write("bad.yaml", "apps:\n  web: {instance: 2, path: x}\n");

        Assert.Equal(
            (0, "good.yaml is right: web, api on http://127.0.0.1:8080\n", ""), await RunAsync("validate", "--config", "good.yaml"));
        var (exitCode, output, errors) = await RunAsync("validate", "--config", "bad.yaml");

        Assert.Equal((ExitCodes.Usage, ""), (exitCode, output));
        Assert.Equal(2, errors.TrimEnd('\n').Split('\n').Length);
        Assert.StartsWith("bluegreen: bad.yaml:2:9: ", errors, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Files_of_certificates_that_cannot_be_read_are_warned_of()
    {
        _folder.Write("tls.yaml", "listen: https://*:443\ntls: {certificates: {certificate: site.pem}}\n");

        var (exitCode, output, errors) = await RunAsync("validate", "--config", "tls.yaml");

        Assert.Equal((0, "tls.yaml is right: web on https://[::]:443\n"), (exitCode, output));
        Assert.Equal($"bluegreen: warning: {_folder["site.pem"]}: there is no such file; put it there, or correct the path\n", errors);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_https_address_without_a_certificate_is_refused()
    {
        var (exitCode, _, errors) = await RunAsync("run", "--listen", "https://127.0.0.1:0");

        Assert.Equal(ExitCodes.Usage, exitCode);
        Assert.Equal("bluegreen: https://127.0.0.1:0 needs a certificate; add one under tls.certificates in bluegreen.yaml\n", errors);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("bash", "complete -o default -F _bluegreen bluegreen")]
    [InlineData("zsh", "compdef _bluegreen bluegreen")]
    [InlineData("fish", "complete -c bluegreen")]
    public async Task Each_shell_has_its_completion(string shell, string essential)
    {
        var (exitCode, output, errors) = await RunAsync("completion", shell);

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Contains(essential, output, StringComparison.Ordinal);
        Assert.Contains("[suggest:", output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_program_knows_what_completes_a_line()
    {
        var all = (await RunAsync("[suggest:10]", "bluegreen ")).Output.Split('\n');
        Assert.All(Commands, command => Assert.Contains(command.Data, all));

        Assert.Equal("deploy\n", (await RunAsync("[suggest:12]", "bluegreen de")).Output);
        var options = (await RunAsync("[suggest:19]", "bluegreen deploy --")).Output.Split('\n');
        Assert.All(["--label", "--command", "--timeout", "--detach", "--json", "--app", "--state"], option => Assert.Contains(option, options));
    }

    [Fact(Timeout = 60_000)]
    public async Task The_version_is_one_line() => Assert.Matches(@"^\d+\.\d+\.\d+\S*\n$", (await RunAsync("--version")).Output);

    private Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments) =>
        BlueGreenProgram.RunAsync(_folder.Path, arguments);
}
