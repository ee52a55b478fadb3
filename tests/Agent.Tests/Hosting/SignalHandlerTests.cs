using System.Diagnostics;
using System.Globalization;
using BlueGreen.Agent.Tests.Cli;
using BlueGreen.Agent.Tests.Releases;

namespace BlueGreen.Agent.Tests.Hosting;

/// <summary>Signals to the real program: in the tests' own process they would end the tests.</summary>
public sealed class SignalHandlerTests : IDisposable
{
    private const string Configuration = "listen: [http://127.0.0.1:0]\n";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Signals_that_come_before_the_front_is_ready_are_delivered_then()
    {
        // The front reads its configuration from a pipe, and so does not get on until the test writes it.
        var pipe = _folder["bluegreen.yaml"];
        using (var make = Process.Start("mkfifo", [pipe]))
        {
            await make.WaitForExitAsync(Token);
        }

        await using var front = BlueGreenProgram.Start(_folder.Path, "run", "--config", pipe, "--state", _folder["s"]);
        await Eventually.TrueAsync(() => front.HasEnded || Catches(front.Pid, signal: 12));
        await front.SignalAsync("USR2");
        await File.WriteAllTextAsync(pipe, Configuration, Token);
        await front.PrintedAsync("USR2: deploying again");
        await front.SignalAsync("TERM");

        var (exitCode, output, errors) = await front.EndAsync();

        Assert.Equal((0, ""), (exitCode, errors));
        var listens = output.IndexOf(" listens on ", StringComparison.Ordinal);
        var redeploys = output.IndexOf("USR2: deploying again", StringComparison.Ordinal);
        Assert.True(listens >= 0 && listens < redeploys, output);
    }

    [Fact(Timeout = 60_000)]
    public async Task Signals_that_come_until_the_very_end_do_no_harm()
    {
        await using var front = BlueGreenProgram.Start(_folder.Path, "run", "--listen", "http://127.0.0.1:0", "--state", _folder["s"]);
        await front.PrintedAsync(" listens on ");

        // As fast as a shell can, until there is nobody to send them to.
        using var storm = Process.Start(
            "/bin/sh", ["-c", "while kill -TERM $0 && kill -INT $0 && kill -USR2 $0 && kill -HUP $0; do :; done 2>/dev/null", front.Pid.ToString(CultureInfo.InvariantCulture)]);
        var (exitCode, _, errors) = await front.EndAsync();
        await storm.WaitForExitAsync(Token);

        Assert.Equal((0, ""), (exitCode, errors));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_reload_without_the_app_of_the_command_line_does_not_end_the_front()
    {
        var file = _folder.Write("bluegreen.yaml", Configuration + "apps: {web: {}}\n");
        var source = _folder.Script("v1", "exit 1\n");
        await using var front = BlueGreenProgram.Start(
            _folder.Path, "run", source, "--app", "web", "--config", file, "--state", _folder["s"]);
        await front.PrintedAsync("The deploy of web failed");

        _folder.Write("bluegreen.yaml", Configuration + "apps: {api: {}}\n");
        await front.SignalAsync("HUP");
        await front.PrintedAsync("web is out of service");

        var (exitCode, output, _) = await BlueGreenProgram.RunAsync(_folder.Path, "status", "--state", _folder["s"]);
        Assert.Equal(0, exitCode);
        Assert.Contains("\napi  generation 0\n", output, StringComparison.Ordinal);
        await front.SignalAsync("TERM");
        Assert.Equal(0, (await front.EndAsync()).ExitCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_reload_with_a_wrong_file_changes_nothing()
    {
        var file = _folder.Write("bluegreen.yaml", Configuration);
        await using var front = BlueGreenProgram.Start(_folder.Path, "run", "--config", file, "--state", _folder["s"]);
        await front.PrintedAsync(" listens on ");

        _folder.Write("bluegreen.yaml", "nonsense: 5\n");
        await front.SignalAsync("HUP");

        await front.PrintedAsync("The configuration stays as it was: ");
        var (exitCode, _, errors) = await BlueGreenProgram.RunAsync(_folder.Path, "reload", "--state", _folder["s"]);
        Assert.Equal(ExitCodes.Usage, exitCode);
        Assert.StartsWith($"bluegreen: {file}:1:1: ", errors, StringComparison.Ordinal);
        Assert.Equal((0, $"stopped the front with pid {front.Pid}\n", ""), await BlueGreenProgram.RunAsync(_folder.Path, "stop", "--state", _folder["s"]));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_newer_state_is_refused_in_one_line()
    {
        _folder.Write("s/state.json", """{"version":99}""");

        var (exitCode, output, errors) = await BlueGreenProgram.RunAsync(
            _folder.Path, "run", "--listen", "http://127.0.0.1:0", "--state", _folder["s"]);

        Assert.Equal((ExitCodes.Usage, ""), (exitCode, output));
        Assert.Equal(
            $"bluegreen: {_folder["s/state.json"]} was written by a newer version of bluegreen (format 99, this one knows 2); install that version again\n",
            errors);
    }

    /// <summary>Whether a process handles a signal: its bit in SigCgt of /proc/PID/status.</summary>
    private static bool Catches(int pid, int signal)
    {
        var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/status"))
            .First(line => line.StartsWith("SigCgt:", StringComparison.Ordinal));
        var caught = ulong.Parse(line["SigCgt:".Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (caught & (1UL << (signal - 1))) != 0;
    }
}
