using BlueGreen.EndToEnd.Tests.Harness;

namespace BlueGreen.EndToEnd.Tests.Deployments;

public sealed class BadReleaseTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = 60_000)]
    [InlineData("exits at start", "probing", "exit status 7", "fatal: cannot reach the database")]
    [InlineData("hangs", "probing", "had not switched within 4 s (--timeout); last check: GET /healthz: there is no socket at ", "waiting for the sun")]
    [InlineData("hangs until the deadline", "probing", "was not healthy within 3 s; last check: GET /healthz: there is no socket at ", "waiting for the moon")]
    [InlineData("answers 500", "probing", "last check: GET /healthz answered 500", "I am not well")]
    [InlineData("a garbage file", "preparing", "is neither a program of Linux nor a script", "")]
    [InlineData("a directory without a command", "preparing", "found no way to start the release", "")]
    [InlineData("not executable", "preparing", "chmod +x", "")]
    [InlineData("wrong architecture", "starting", "is built for", "")]
    [InlineData("an empty directory", "fetching", "is empty", "")]
    public async Task A_bad_release_is_refused_with_its_reason_and_nobody_notices(string kind, string step, string reason, string output)
    {
        _folder.Configure("apps: {web: {}}");
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);
        await front.SettledAsync();
        await ReconfigureAsync(front, $"apps: {{web: {{health: {{deadline: {Deadline(kind)}}}}}}}");
        await using var load = await RunningLoad.StartAsync(front.Address);
        var stored = Stored();
        var bad = Make(kind);
        string[] arguments = kind == "hangs" ? ["--timeout", "4s"] : [];

        var told = await front.DeployAsync(bad, arguments);
        Assert.Equal(1, told.Code);
        var failed = told.Event("failed");
        Assert.Equal("failed", told.EventNames.Last());
        Assert.Equal(step, failed.Text("step"));
        Assert.Contains(reason, failed.Text("reason"), StringComparison.Ordinal);
        Assert.Contains(output, failed.Joined("output"), StringComparison.Ordinal);
        Assert.Equal(1, failed.Number("stillActive"));

        var shown = await front.RunAsync("deploy", [bad, .. arguments]);
        Assert.Equal(1, shown.Code);
        Assert.Contains(reason, shown.Output, StringComparison.Ordinal);
        Assert.Contains(output, shown.Output, StringComparison.Ordinal);
        Assert.EndsWith("web: release 1 still serves", shown.Output, StringComparison.Ordinal);

        Assert.Equal(stored, Stored());
        Assert.Single(_folder.WorkerPids);
        await load.FurtherAsync(200);
        await ReconfigureAsync(front, "apps: {web: {}}");
        var good = await front.DeployAsync(SampleRelease.Make(_folder, "good"));
        Assert.True(good.Code == 0, good.ToString());
        await load.FurtherAsync(200);
        var report = await load.StopAsync();
        Assert.True(report.IsFlawless, report.ToString());
        Assert.Equal(["v1", "good"], report.Releases.Select(seen => seen.Label));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_missing_path_is_wrong_usage()
    {
        await using var front = await Front.StartAsync(_folder);
        var told = await front.RunAsync("deploy", _folder.In("nowhere"));
        Assert.Equal(2, told.Code);
        Assert.Equal($"bluegreen: there is nothing at {_folder.In("nowhere")} to deploy", told.Errors);
        Assert.Equal("", told.Output);
    }

    private async Task ReconfigureAsync(Front front, string yaml)
    {
        _folder.Configure(yaml);
        Assert.Equal(0, (await front.RunAsync("reload")).Code);
    }

    /// <summary>Short only where it is waited for.</summary>
    private static string Deadline(string kind) => kind switch
    {
        "hangs until the deadline" => "3s",
        "answers 500" => "4s",
        _ => "60s",
    };

    private string Make(string kind) => kind switch
    {
        "exits at start" => SampleRelease.Make(_folder, "bad", "exit-at-start=7"),
        "hangs" => SampleRelease.Make(_folder, "bad", "hang-at-start=true", "print-at-start=waiting for the sun"),
        "hangs until the deadline" => SampleRelease.Make(_folder, "bad", "hang-at-start=true", "print-at-start=waiting for the moon"),
        "answers 500" => SampleRelease.Make(_folder, "bad", "health-status=500", "print-at-start=I am not well"),
        "a garbage file" => _folder.Write("bad", "\u0001\u0002garbage", executable: true),
        "a directory without a command" => Path.GetDirectoryName(_folder.Write("bad/README", "nothing to run"))!,
        "not executable" => Path.GetDirectoryName(_folder.Write("bad/server", "#!/bin/sh\nexit 0\n"))!,
        "wrong architecture" => _folder.Write("bad", Foreign(), executable: true),
        "an empty directory" => Directory.CreateDirectory(_folder.In("bad")).FullName,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind."),
    };

    /// <summary>The header of a 64-bit ELF program (elf(5)) for a machine that this one is not: S/390.</summary>
    private static string Foreign()
    {
        var header = new char[64];
        "\u007fELF\u0002\u0001\u0001".CopyTo(header);
        header[16] = (char)2; // ET_EXEC
        header[18] = (char)22; // EM_S390
        return new string(header);
    }

    private List<string> Stored() =>
        [.. Directory.EnumerateFileSystemEntries(Path.Combine(_folder.State, "releases"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
