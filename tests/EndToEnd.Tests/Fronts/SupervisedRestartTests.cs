using System.Text.RegularExpressions;
using BlueGreen.EndToEnd.Tests.Harness;

namespace BlueGreen.EndToEnd.Tests.Fronts;

/// <summary>The program deploy/bluegreen.supervisord.conf, as it is, under a real supervisord.</summary>
public sealed partial class SupervisedRestartTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string Log => _folder.In("front.log");

    private IEnumerable<int> Fronts =>
        ProcessTable.With(TestFolder.Mark, _folder.State).Where(pid => !ProcessTable.EnvironmentOf(pid).ContainsKey("BLUEGREEN_WORKER"));

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task A_front_that_is_killed_again_and_again_before_it_counts_as_started_is_always_started_again()
    {
        await using var supervisord = Start();
        // supervisord's own default gives up after the fourth, and waits 1, 2, 3, ... seconds in between.
        for (var killed = 0; killed < 5; killed++)
        {
            await Until.TrueAsync(() => Fronts.Any());
            foreach (var front in Fronts)
                ProcessTable.Signal(front, Signals.Kill);
            await Until.TrueAsync(() => !Fronts.Any());
        }
        await LoggedAsync(" listens on ");
        Assert.DoesNotContain("FATAL", supervisord.ToString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_stop_lets_the_request_in_flight_finish_and_needs_no_kill()
    {
        var source = SampleRelease.Make(_folder, "v1");
        await using var supervisord = Start($" {source}");
        await LoggedAsync("Switched web to release 1");
        using var visitor = new Visitor(new Uri(ListensOn().Match(FrontLog()).Groups[1].Value));
        var slow = visitor.GetAsync("/slow?ms=4000");
        // Asked without a command, which takes its time to start.
        using var control = new ControlSocket(_folder.ControlSocket);
        await Until.TrueAsync(async () => (await control.StatusAsync()).App().Active!.Workers.Sum(worker => worker.InFlight.Requests) == 1);

        // What supervisord does with its programs at its own end is what `supervisorctl stop` does with one.
        supervisord.Signal(Signals.Terminate);

        Assert.Equal((200, "after 4000 ms\n"), ((await slow).Status, (await slow).Body));
        await supervisord.Exited.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Contains("stopped: bluegreen (exit status 0)", supervisord.ToString(), StringComparison.Ordinal);
        Assert.Empty(ProcessTable.With(TestFolder.Mark, _folder.State));
    }

    private string FrontLog() => File.Exists(Log) ? File.ReadAllText(Log) : "";

    private Task LoggedAsync(string text) => Until.TrueAsync(() => FrontLog().Contains(text, StringComparison.Ordinal));

    private StartedProcess Start(string arguments = "")
    {
        var program = File.ReadAllText(Path.Combine(Programs.Deploy, "bluegreen.supervisord.conf"))
            .Replace(
                "/usr/local/bin/bluegreen run --config /etc/bluegreen.yaml",
                $"{Programs.Bluegreen} run --listen http://127.0.0.1:0{arguments}", StringComparison.Ordinal)
            .Replace("/var/lib/bluegreen", _folder.State, StringComparison.Ordinal)
            .Replace("/var/log/bluegreen.log", Log, StringComparison.Ordinal);
        Assert.Contains(Programs.Bluegreen, program, StringComparison.Ordinal);
        var configuration = _folder.Write("supervisord.conf", $"""
            [supervisord]
            nodaemon=true
            logfile={_folder.In("supervisord.log")}
            pidfile={_folder.In("supervisord.pid")}
            {program}
            """);
        return StartedProcess.Start("supervisord", ["-c", configuration], _folder.Root);
    }

    [GeneratedRegex(@" listens on (http://[^\s,]+)")]
    private static partial Regex ListensOn();
}
