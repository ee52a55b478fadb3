using System.Diagnostics;
using System.Text.Json;
using BlueGreen.EndToEnd.Tests.Harness;
using BlueGreen.Harness.Origins;

namespace BlueGreen.EndToEnd.Tests.Sources;

/// <summary>A source that is watched is trusted no more than a person who deploys.</summary>
public sealed class VerifiedSourceTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task Of_what_a_watched_source_has_only_what_is_signed_goes_live_and_the_history_says_how()
    {
        await RunAsync("minisign", "-G", "-W", "-p", _folder.In("release.pub"), "-s", _folder.In("release.key"));
        var files = new OriginFolder();
        var (first, firstSignature) = await SignedAsync("one", 1);
        files.Publish(("web.tar.gz", first), ("web.tar.gz.minisig", firstSignature));
        await using var origin = await Origin.StartAsync(files.ServeAsync);
        _folder.Configure(
            "apps: {web: {probation: 0s, trust: {keys: [release.pub], require: true, sequence: true}, "
            + $"source: {{url: '{origin.Url}web.tar.gz', every: 1s}}}}}}\n");
        await using var front = await Front.StartAsync(_folder);
        await front.ActiveAsync(1);

        var (second, secondSignature) = await SignedAsync("two", 2);
        files.Publish(("web.tar.gz", second), ("web.tar.gz.minisig", firstSignature));
        await front.LoggedAsync("web.tar.gz.minisig is not its signature");
        Assert.Equal(1, (await front.StatusAsync()).App().Active!.Release);
        Assert.Equal("failed", (await front.StatusAsync()).App().Source!.Result);

        files.Publish(("web.tar.gz", second), ("web.tar.gz.minisig", secondSignature));
        await front.ActiveAsync(2);
        await front.SettledAsync();
        files.Publish(("web.tar.gz", first), ("web.tar.gz.minisig", firstSignature));
        await front.LoggedAsync("its sequence number is 1, and one with 2 was live already");

        var (third, thirdSignature) = await SignedAsync("three", 3);
        files.Publish(("web.tar.gz", third), ("web.tar.gz.minisig", thirdSignature));
        var told = await front.RunAsync("check");
        Assert.True(told.Code == 0, told.ToString());
        await front.ActiveAsync(3);
        await front.SettledAsync();

        var records = (await front.RunAsync("history", "--json")).Lines.Select(line => JsonSerializer.Deserialize<JsonElement>(line.Text)).ToArray();
        Assert.Equal(["start 1 completed", "watch 2 completed"], records.Take(2).Select(Short));
        // The watch may have been faster than the person.
        Assert.Contains(Short(records[2]), (string[])["cli 3 completed", "watch 3 completed"]);
        Assert.All(records, record => Assert.Equal(record.GetProperty("trigger").GetString() == "cli", record.TryGetProperty("by", out _)));
        Assert.All(records, record => Assert.Equal($"{origin.Url}web.tar.gz", record.GetProperty("source").GetString()));
    }

    private static string Short(JsonElement record) =>
        $"{record.GetProperty("trigger").GetString()} {record.GetProperty("release")} {record.GetProperty("outcome").GetString()}";

    private async Task<(byte[] Archive, byte[] Signature)> SignedAsync(string name, int sequence)
    {
        var token = TestContext.Current.CancellationToken;
        var folder = SampleRelease.Make(_folder, name);
        await File.WriteAllTextAsync(Path.Combine(folder, "content"), name, token);
        var path = _folder.In($"{name}.tar.gz");
        await File.WriteAllBytesAsync(path, PublishedSource.Archive(folder), token);
        await RunAsync("minisign", "-S", "-s", _folder.In("release.key"), "-m", path, "-t", $"sequence:{sequence}");
        return (await File.ReadAllBytesAsync(path, token), await File.ReadAllBytesAsync(path + ".minisig", token));
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
    }
}
