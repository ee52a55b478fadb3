using System.Diagnostics;
using System.Security.Cryptography;
using BlueGreen.EndToEnd.Tests.Harness;

namespace BlueGreen.EndToEnd.Tests.Deployments;

/// <summary>What is not what it should be never runs, through the real program.</summary>
public sealed class VerificationTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 90_000)]
    public async Task Under_trust_only_what_is_signed_goes_live_and_the_rest_leaves_nothing()
    {
        await RunAsync("minisign", "-G", "-W", "-p", _folder.In("release.pub"), "-s", _folder.In("release.key"));
        _folder.Configure("apps: {web: {probation: 0s, trust: {keys: [release.pub], require: true, sequence: true}}}\n");
        await using var front = await Front.StartAsync(_folder);
        var v1 = await ArchiveAsync("v1", sequence: 1);
        var deployed = await front.DeployAsync(v1);
        Assert.True(deployed.Code == 0, deployed.ToString());
        Assert.StartsWith("minisign:", deployed.Event("preparing").Text("signedBy"), StringComparison.Ordinal);
        Assert.Equal(1, deployed.Event("preparing").Number("sequence"));
        await using var load = await RunningLoad.StartAsync(front.Address);

        var v2 = await ArchiveAsync("v2", sequence: 2);
        File.Move($"{v2}.minisig", _folder.In("kept"));
        await RefusedAsync(front, v2, "v2.tar.gz is refused: it is not signed");
        await RefusedAsync(front, SampleRelease.Make(_folder, "v3"), "a folder cannot be signed");
        File.Copy($"{v1}.minisig", $"{v2}.minisig");
        await RefusedAsync(front, v2, "v2.tar.gz.minisig is not its signature");

        File.Copy(_folder.In("kept"), $"{v2}.minisig", overwrite: true);
        Assert.Equal(0, (await front.DeployAsync(v2)).Code);
        await RefusedAsync(front, v1, "its sequence number is 1, and one with 2 was live already");
        Assert.Equal(0, (await front.RollbackAsync()).Code);
        var report = await load.StopAsync();
        Assert.True(report.IsFlawless, report.ToString());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_pinned_digest_decides()
    {
        await using var front = await Front.StartAsync(_folder);
        var archive = await ArchiveAsync("v1", sequence: null);
        var digest = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(archive, TestContext.Current.CancellationToken)));

        await RefusedAsync(front, archive, $"expected SHA-256 {new string('0', 64)} (by --sha256), got {digest}", "--sha256", new string('0', 64));
        var misspelt = await front.DeployAsync(archive, "--sha256", "12ab");
        Assert.Equal(2, misspelt.Code);
        Assert.Contains("--sha256: '12ab' is not a SHA-256: 64 hexadecimal digits", misspelt.ToString(), StringComparison.Ordinal);
        var deployed = await front.DeployAsync(archive, "--sha256", $"sha256:{digest.ToUpperInvariant()}");

        Assert.Equal(0, deployed.Code);
        Assert.Equal($"sha256:{digest}", deployed.Event("preparing").Text("fileDigest"));
    }

    private async Task RefusedAsync(Front front, string source, string reason, params string[] arguments)
    {
        var before = Directory.GetFileSystemEntries(Releases).Order();
        var refused = await front.DeployAsync(source, arguments);
        Assert.Equal(1, refused.Code);
        Assert.Equal("fetching", refused.Event("failed").Text("step"));
        Assert.Contains(reason, refused.Event("failed").Text("reason"), StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFileSystemEntries(Releases).Order());
    }

    private string Releases => Directory.CreateDirectory(Path.Combine(_folder.State, "releases", "web")).FullName;

    private async Task<string> ArchiveAsync(string name, int? sequence)
    {
        SampleRelease.Make(_folder, name);
        var archive = _folder.In($"{name}.tar.gz");
        await RunAsync("tar", "czf", archive, "-C", _folder.Root, name);
        if (sequence is not null)
            await RunAsync("minisign", "-S", "-s", _folder.In("release.key"), "-m", archive, "-t", $"sequence:{sequence}");
        return archive;
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
    }
}
