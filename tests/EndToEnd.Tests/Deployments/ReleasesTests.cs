using System.Text.Json;
using BlueGreen.EndToEnd.Tests.Harness;

namespace BlueGreen.EndToEnd.Tests.Deployments;

public sealed class ReleasesTests : IDisposable
{
    private const string Value = "hunter2";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 90_000)]
    public async Task Stored_releases_are_listed_shown_and_pruned()
    {
        _folder.Configure($"apps: {{web: {{probation: 0s, env: {{PASSWORD: {Value}}}, keep: {{releases: 10}}}}}}");
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);
        foreach (var name in new[] { "v2", "v3", "v4" })
            Assert.Equal(0, (await front.DeployAsync(SampleRelease.Make(_folder, name, $"print-at-start={(name == "v4" ? "v3" : name)}"))).Code);
        await front.SettledAsync();

        var listed = await front.RunAsync("releases");
        Assert.Equal(5, listed.Output.Split('\n').Length);
        Assert.Matches($@"(?m)^4 +v4 +active +\S+ \S+ +{Environment.UserName} +\d+\.\d MiB +sha256:[0-9a-f]{{12}} +{_folder.In("v4")}$", listed.Output);
        Assert.Matches(@"(?m)^3 +v3 +replaced \(rollback target\) ", listed.Output);
        Assert.Matches(@"(?m)^1 +v1 +replaced +\S+ \S+ +- ", listed.Output);

        var shown = await front.RunAsync("releases", "show", "4");
        Assert.Equal(0, shown.Code);
        Assert.Contains("\nsame content release 3\n", shown.Output, StringComparison.Ordinal);
        Assert.Contains("\nenv          PASSWORD\n", shown.Output, StringComparison.Ordinal);
        Assert.Contains("\ncommand      ./SampleWorker (SampleWorker.runtimeconfig.json)\n", shown.Output, StringComparison.Ordinal);
        Assert.Matches($@"(?m)^deploy +\S+ \S+ by {Environment.UserName}: completed$", shown.Output);
        var json = await front.RunAsync("releases", "show", "4", "--json");
        Assert.Equal(["PASSWORD"], JsonSerializer.Deserialize<JsonElement>(json.Output).GetProperty("env").EnumerateArray().Select(name => name.GetString()));
        Assert.DoesNotContain(Value, shown.Output + json.Output + listed.Output + front.Log, StringComparison.Ordinal);
        var unknown = await front.RunAsync("releases", "show", "9");
        Assert.Equal(4, unknown.Code);
        Assert.Equal("bluegreen: web has no release 9 in its store; it has 1, 2, 3, 4; 'bluegreen history' shows what became of others", unknown.Errors);

        // Files of 3 and 4 are stored once; the values of env are for their owner's eyes only.
        Assert.Equal("2", await LinksAsync("4/SampleWorker.dll"));
        Assert.Equal("1", await LinksAsync("1/behaviour"));
        Assert.All(
            [_folder.In("s", "releases", "web", "4.json"), _folder.In("s", "state.json")],
            path => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path)));

        var pruned = await front.RunAsync("releases", "prune", "--keep", "1");
        Assert.Equal("deleted: 1, 2; left: 3, 4", pruned.Output);
        Assert.Equal("""{"pruned":[],"left":[3,4]}""", (await front.RunAsync("releases", "prune", "--json")).Output);
        Assert.Equal(0, (await front.RollbackAsync()).Code);
        Assert.Equal(0, (await front.DeployAsync(SampleRelease.Make(_folder, "v5"))).Code);
        await front.SettledAsync();
        Assert.Equal("deleted: 4; left: 3, 5", (await front.RunAsync("releases", "prune", "--keep", "1")).Output);
        Assert.Equal("1", await LinksAsync("3/SampleWorker.dll"));
        Assert.Equal(0, (await front.RollbackAsync()).Code);
    }

    /// <summary>How many names a stored file has.</summary>
    private async Task<string> LinksAsync(string path)
    {
        await using var stat = StartedProcess.Start("stat", ["-c", "%h", _folder.In("s", "releases", "web", path)], _folder.Root);
        return (await CliResult.OfAsync(stat)).Output;
    }
}
