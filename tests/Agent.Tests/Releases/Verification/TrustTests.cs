using BlueGreen.Agent.Releases;
using BlueGreen.Agent.Releases.Fetching;
using BlueGreen.Agent.Releases.Verification;

namespace BlueGreen.Agent.Tests.Releases.Verification;

/// <summary>Which releases an app takes, by what its user demands.</summary>
public sealed class TrustTests : IAsyncLifetime
{
    private readonly StoreFixture _fixture = new();
    private string _minisign = "";
    private string _ecdsa = "";
    private string _archive = "";

    private TemporaryFolder Folder => _fixture.Folder;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _minisign = await Folder.MinisignKeyAsync("mine");
        _ecdsa = await Folder.EcdsaKeyAsync("mine-too");
        _archive = Folder.Write("app.tgz", new RawTar().Add(RawTar.File, "server", content: "#!/bin/sh\n").ToGzip());
    }

    public ValueTask DisposeAsync()
    {
        _fixture.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact(Timeout = 30_000)]
    public async Task What_is_not_signed_is_refused_where_that_is_required()
    {
        Demand(require: true);

        Assert.Equal(
            "app.tgz is refused: it is not signed, and the app takes only what is (trust.require); there is no app.tgz.minisig or app.tgz.sig beside it",
            await _fixture.Refusal(_archive, Token));
    }

    [Fact(Timeout = 30_000)]
    public async Task What_is_not_signed_is_taken_where_that_is_not_required()
    {
        Demand(require: false);

        using StagedRelease staged = await _fixture.Stage(_archive, Token);

        Assert.Null(staged.Verified!.SignedBy);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_wrong_signature_is_refused_although_none_is_required()
    {
        Demand(require: false);
        await Folder.MinisignAsync("mine", Folder.Write("other", "other"));
        File.Copy(Folder["other.minisig"], _archive + ".minisig");

        Assert.Contains("is not its signature", await _fixture.Refusal(_archive, Token));
    }

    [Fact(Timeout = 30_000)]
    public async Task Of_two_signatures_both_must_be_right()
    {
        Demand(require: true);
        await Folder.MinisignAsync("mine", _archive);
        await Folder.EcdsaAsync("mine-too", Folder.Write("other", "other"));
        File.Copy(Folder["other.sig"], _archive + ".sig");

        Assert.Contains("app.tgz.sig is not its signature", await _fixture.Refusal(_archive, Token));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_signature_that_no_trusted_key_could_have_made_is_not_looked_at()
    {
        _fixture.Demands = new() { Trust = new() { Keys = [_minisign] } };
        Folder.Write("app.tgz.sig", "what gpg writes has this name too");

        using StagedRelease staged = await _fixture.Stage(_archive, Token);

        Assert.Null(staged.Verified!.SignedBy);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_folder_is_refused_where_a_signature_or_a_digest_is_demanded()
    {
        Folder.Script("v1/server");
        Demand(require: true);
        Assert.Equal(
            $"{Folder["v1"]} is refused: a folder cannot be signed, and the app takes only what is (trust.require); "
            + "deploy an archive of it (tar czf v1.tgz ...) with its signature beside it",
            await _fixture.Refusal(Folder["v1"], Token));

        _fixture.Demands = new() { Sha256 = new string('0', 64) };
        Assert.Equal($"{Folder["v1"]} is a folder, and --sha256 is for a file; deploy an archive of it", await _fixture.Refusal(Folder["v1"], Token));
    }

    [Theory(Timeout = 30_000)]
    [InlineData(41L, 42L, true)]
    [InlineData(42L, 42L, true)]
    [InlineData(43L, 42L, false)]
    [InlineData(null, 0L, true)]
    public async Task A_sequence_number_must_not_fall(long? highest, long number, bool isTaken)
    {
        await Folder.MinisignAsync("mine", _archive, $"sequence:{number} timestamp:1700000000");
        DemandSequence(highest);

        if (isTaken)
        {
            using StagedRelease staged = await _fixture.Stage(_archive, Token);
            Assert.Equal(number, staged.Verified!.Sequence);
        }
        else
        {
            Assert.Equal(
                "app.tgz is refused: its sequence number is 42, and one with 43 was live already (trust.sequence); to go back, use 'bluegreen rollback'",
                await _fixture.Refusal(_archive, Token));
        }
    }

    [Theory(Timeout = 30_000)]
    [InlineData("no number")]
    [InlineData("sequence:")]
    [InlineData("sequence:-1")]
    [InlineData("sequence:1.5")]
    [InlineData("sequence:12345678901234567890")]
    [InlineData("xsequence:5")]
    [InlineData("sequence:5 sequence:6")]
    public async Task Where_a_sequence_number_is_demanded_there_must_be_one_and_only_one(string comment)
    {
        await Folder.MinisignAsync("mine", _archive, comment);
        DemandSequence(highest: null);

        Assert.Equal(
            "app.tgz is refused: no sequence number is signed with it (trust.sequence); sign it with minisign -t 'sequence:N'",
            await _fixture.Refusal(_archive, Token));
    }

    [Fact(Timeout = 30_000)]
    public async Task An_ECDSA_signature_carries_no_sequence_number()
    {
        await Folder.EcdsaAsync("mine-too", _archive);
        DemandSequence(highest: null);

        Assert.Contains("no sequence number is signed with it", await _fixture.Refusal(_archive, Token));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_file_from_elsewhere_is_verified_in_the_same_way()
    {
        string digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(_archive, Token)));
        using StagedRelease staged = await Fetch(digest);
        var refusal = await Assert.ThrowsAsync<ReleaseException>(() => Fetch(new string('0', 64)));

        Assert.Equal("https://example.com/app.tgz", staged.Source);
        Assert.Equal("app", staged.Label);
        Assert.Equal(
            $"app.tgz is refused: expected SHA-256 {new string('0', 64)} (by its source), got {digest}; it is damaged, or another file", refusal.Message);
        Assert.Single(_fixture.StoredNames);

        Task<StagedRelease> Fetch(string published) => _fixture.Store.StageAsync(
            StoreFixture.App, "https://example.com/app.tgz",
            (folder, _) =>
            {
                string path = Path.Combine(folder, "download");
                File.Copy(_archive, path);
                return Task.FromResult(new FetchedFile(path, "app.tgz", published, (_, _) => Task.FromResult<byte[]?>(null)));
            },
            _fixture.Demands, Token);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_program_from_elsewhere_becomes_executable()
    {
        using StagedRelease staged = await _fixture.Store.StageAsync(
            StoreFixture.App, "https://example.com/server",
            (folder, _) =>
            {
                string path = Path.Combine(folder, "download");
                File.WriteAllText(path, "#!/bin/sh\n");
                return Task.FromResult(new FetchedFile(path, "server", null, (_, _) => Task.FromResult<byte[]?>(null)));
            },
            _fixture.Demands, Token);

        Assert.Equal("./server", LaunchCommand.Find(staged.Directory, null).Line);
    }

    [Fact(Timeout = 30_000)]
    public async Task What_was_verified_a_while_ago_must_still_be_what_is_demanded()
    {
        await Folder.MinisignAsync("mine", _archive, "sequence:42");
        DemandSequence(highest: 41);
        using StagedRelease staged = await _fixture.Stage(_archive, Token);
        ReleaseVerifier.AcceptStaged(staged, _fixture.Demands);

        DemandSequence(highest: 43);
        Assert.Contains("its sequence number is 42, and one with 43 was live already", RefusalOf(staged));
        _fixture.Demands = new() { Trust = new() { Keys = [_ecdsa], Require = true } };
        Assert.Equal($"{_archive} is refused: no key that is trusted by now (trust.keys) has signed it", RefusalOf(staged));

        string RefusalOf(StagedRelease release) =>
            Assert.Throws<ReleaseException>(() => ReleaseVerifier.AcceptStaged(release, _fixture.Demands)).Message;
    }

    private void Demand(bool require) => _fixture.Demands = new() { Trust = new() { Keys = [_minisign, _ecdsa], Require = require } };

    private void DemandSequence(long? highest) => _fixture.Demands = new()
    {
        Trust = new() { Keys = [_minisign, _ecdsa], Require = true, Sequence = true },
        HighestSequence = highest,
    };
}
