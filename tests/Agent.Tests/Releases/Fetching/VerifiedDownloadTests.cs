using System.Security.Cryptography;
using System.Text;
using BlueGreen.Agent.Tests.Releases.Verification;
using BlueGreen.Harness.Origins;

namespace BlueGreen.Agent.Tests.Releases.Fetching;

/// <summary>What is downloaded is verified as a file of this machine is, by what lies beside it on the server.</summary>
public sealed class VerifiedDownloadTests : IAsyncLifetime
{
    private static readonly byte[] Content = FetchBench.Archive(1000);

    private readonly OriginFolder _files = new();
    private FetchBench _bench = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _bench = await FetchBench.StartAsync(new OriginFile(Content));
        _bench.Origin.Answer = _files.ServeAsync;
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact(Timeout = 30_000)]
    public async Task What_is_signed_is_taken_and_what_was_tampered_with_is_refused()
    {
        var key = await _bench.Folder.MinisignKeyAsync("mine");
        var archive = _bench.Folder.Write("app.tar.gz", Content);
        await _bench.Folder.MinisignAsync("mine", archive, "sequence:7");
        var signature = await File.ReadAllBytesAsync(archive + ".minisig", Token);
        _bench.Demands = new() { Trust = new() { Keys = [key], Require = true, Sequence = true }, HighestSequence = 6 };

        _files.Publish(("app.tar.gz", FetchBench.Archive(1001)), ("app.tar.gz.minisig", signature));
        Assert.Contains("app.tar.gz.minisig is not its signature", await _bench.RefusalAsync(), StringComparison.Ordinal);
        _files.Publish(("app.tar.gz", Content));
        Assert.Contains("it is not signed", await _bench.RefusalAsync(), StringComparison.Ordinal);

        _files.Publish(("app.tar.gz", Content), ("app.tar.gz.minisig", signature));
        using var staged = (await _bench.StageAsync()).Release;
        Assert.StartsWith("minisign:", staged.Verified!.SignedBy, StringComparison.Ordinal);
        Assert.Equal(7, staged.Verified.Sequence);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("SHA256SUMS")]
    [InlineData("app.tar.gz.sha256")]
    public async Task A_digest_beside_it_decides(string list)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(Content));
        _files.Publish(("app.tar.gz", Content), (list, Encoding.ASCII.GetBytes($"{digest}  app.tar.gz\n")));
        (await _bench.StageAsync()).Release.Dispose();

        _files.Publish(("app.tar.gz", FetchBench.Archive(1001)), (list, Encoding.ASCII.GetBytes($"{digest}  app.tar.gz\n")));
        Assert.Contains($"expected SHA-256 {digest} (by {list}), got ", await _bench.RefusalAsync(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_pinned_digest_decides()
    {
        _files.Publish(("app.tar.gz", Content));
        _bench.Demands = new() { Sha256 = new string('0', 64) };
        Assert.Contains("(by --sha256)", await _bench.RefusalAsync(), StringComparison.Ordinal);

        _bench.Demands = new() { Sha256 = Convert.ToHexStringLower(SHA256.HashData(Content)) };
        (await _bench.StageAsync()).Release.Dispose();
    }

    [Fact(Timeout = 30_000)]
    public async Task Where_it_cannot_be_told_whether_there_is_a_signature_nothing_is_taken()
    {
        var key = await _bench.Folder.MinisignKeyAsync("mine");
        _files.Publish(("app.tar.gz", Content));
        _bench.Demands = new() { Trust = new() { Keys = [key] } };
        _bench.Origin.Answer = context =>
        {
            if (context.Request.Path.Value != "/app.tar.gz.minisig")
            {
                return _files.ServeAsync(context);
            }

            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };

        Assert.Equal($"{_bench.Origin.Url}app.tar.gz.minisig answered 500", await _bench.RefusalAsync());
    }
}
