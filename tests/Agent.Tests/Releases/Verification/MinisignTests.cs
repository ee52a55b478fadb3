using BlueGreen.Agent.Releases;
using BlueGreen.Agent.Releases.Verification;

namespace BlueGreen.Agent.Tests.Releases.Verification;

/// <summary>Against the real minisign.</summary>
public sealed class MinisignTests : IAsyncLifetime
{
    private readonly StoreFixture _fixture = new();
    private string _key = "";
    private string _archive = "";

    private TemporaryFolder Folder => _fixture.Folder;

    private string SignaturePath => _archive + ".minisig";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _key = await Folder.MinisignKeyAsync("mine");
        _archive = Folder.Write("app.tgz", new RawTar().Add(RawTar.File, "server", content: "#!/bin/sh\n").ToGzip());
        Trust(_key);
    }

    public ValueTask DisposeAsync()
    {
        _fixture.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory(Timeout = 30_000)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task What_minisign_has_signed_is_taken_and_says_by_whom(bool isLegacy, bool isKeyFile)
    {
        Trust(isKeyFile ? Folder["mine.pub"] : _key);
        await Folder.MinisignAsync("mine", _archive, "sequence:7 built at noon – ünïcode", isLegacy);

        using StagedRelease staged = await _fixture.Stage(_archive, Token);

        string id = (await File.ReadAllLinesAsync(Folder["mine.pub"], Token))[0].Split(' ')[^1];
        Assert.Equal(new VerifiedFile(Sha256(_archive), $"minisign:{id}", 7), staged.Verified);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(false, "file", "is not its signature")]
    [InlineData(true, "file", "is not its signature")]
    [InlineData(false, "file with more at its end", "is not its signature")]
    [InlineData(false, "file cut", "is not its signature")]
    [InlineData(false, "signature", "is not its signature")]
    [InlineData(true, "signature", "is not its signature")]
    [InlineData(false, "key id", "it is signed with the key minisign:")]
    [InlineData(false, "algorithm, to the old one", "is not its signature")]
    [InlineData(true, "algorithm, to the new one", "is not its signature")]
    [InlineData(false, "algorithm, to none there is", "is no signature of minisign")]
    [InlineData(false, "trusted comment", "the trusted comment of app.tgz.minisig was changed")]
    [InlineData(true, "trusted comment", "the trusted comment of app.tgz.minisig was changed")]
    [InlineData(false, "trusted comment of another signature", "the trusted comment of app.tgz.minisig was changed")]
    [InlineData(false, "global signature", "the trusted comment of app.tgz.minisig was changed")]
    [InlineData(false, "signature of another file", "is not its signature")]
    [InlineData(false, "signature by another key", "it is signed with the key minisign:")]
    [InlineData(false, "signature by another key that calls itself by this one's id", "is not its signature")]
    [InlineData(false, "signature cut in its middle", "is no signature of minisign")]
    [InlineData(false, "signature without its trusted comment", "is no signature of minisign")]
    [InlineData(false, "signature that is empty", "is no signature of minisign")]
    [InlineData(false, "signature that is a web page", "is no signature of minisign")]
    public async Task Every_kind_of_tampering_is_refused(bool isLegacy, string what, string reason)
    {
        await Folder.MinisignAsync("mine", _archive, "sequence:7", isLegacy);
        await TamperAsync(what);

        string refusal = await _fixture.Refusal(_archive, Token);

        Assert.StartsWith("app.tgz is refused: ", refusal);
        Assert.Contains(reason, refusal);
        Assert.Empty(_fixture.StoredNames);
    }

    [Fact(Timeout = 30_000)]
    public async Task Any_of_several_keys_may_have_signed()
    {
        string other = await Folder.MinisignKeyAsync("other");
        Trust(other, _key);
        await Folder.MinisignAsync("mine", _archive);

        using StagedRelease staged = await _fixture.Stage(_archive, Token);

        Assert.Equal(TrustedKeyText.Read(_key).Id, staged.Verified!.SignedBy);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_single_program_is_signed_like_an_archive()
    {
        string program = Folder.Script("server");
        await Folder.MinisignAsync("mine", program);

        using StagedRelease staged = await _fixture.Stage(program, Token);

        Assert.Equal(TrustedKeyText.Read(_key).Id, staged.Verified!.SignedBy);
        Assert.Equal(["server"], Directory.GetFileSystemEntries(staged.Directory).Select(Path.GetFileName));
        Assert.Equal(TemporaryFolder.Executable, File.GetUnixFileMode(Path.Combine(staged.Directory, "server")));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_release_stays_what_was_verified_although_its_source_changes_meanwhile()
    {
        string program = Folder.Script("server", "old\n");
        await Folder.MinisignAsync("mine", program);
        using StagedRelease staged = await _fixture.Stage(program, Token);
        Folder.Script("server", "new\n");

        Assert.Contains("old", await File.ReadAllTextAsync(Path.Combine(staged.Directory, "server"), Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task The_old_kind_of_signature_is_not_checked_for_files_that_would_fill_the_memory()
    {
        string large = Folder.WriteSparse("large", (128 << 20) + 1);
        await Folder.MinisignAsync("mine", large, isLegacy: true);
        Assert.Equal(
            "large is refused: large.minisig is of the old kind, which works for files up to 128 MiB; sign with 'minisign -H'",
            await _fixture.Refusal(large, Token));

        await Folder.MinisignAsync("mine", large);
        using StagedRelease staged = await _fixture.Stage(large, Token);
        Assert.NotNull(staged.Verified!.SignedBy);
    }

    private void Trust(params string[] keys) => _fixture.Demands = new() { Trust = new() { Keys = keys, Require = true } };

    private async Task TamperAsync(string what)
    {
        string[] lines = await File.ReadAllLinesAsync(SignaturePath, Token);
        byte[] signature = Convert.FromBase64String(lines[1]);
        byte[] global = Convert.FromBase64String(lines[3]);
        byte[] file = await File.ReadAllBytesAsync(_archive, Token);
        switch (what)
        {
            case "file":
                file[10] ^= 1;
                Folder.Write("app.tgz", file);
                return;
            case "file with more at its end":
                Folder.Write("app.tgz", [.. file, 0]);
                return;
            case "file cut":
                Folder.Write("app.tgz", file[..^1]);
                return;
            case "signature":
                signature[20] ^= 1;
                break;
            case "key id":
                signature[5] ^= 1;
                break;
            case "algorithm, to the old one":
                signature[1] = (byte)'d';
                break;
            case "algorithm, to the new one":
                signature[1] = (byte)'D';
                break;
            case "algorithm, to none there is":
                signature[1] = (byte)'x';
                break;
            case "trusted comment":
                lines[2] = lines[2].Replace("sequence:7", "sequence:8", StringComparison.Ordinal);
                break;
            case "trusted comment of another signature":
                await Folder.MinisignAsync("mine", Folder.Write("other.tgz", "other"), "sequence:8");
                string[] other = await File.ReadAllLinesAsync(Folder["other.tgz.minisig"], Token);
                (lines[2], global) = (other[2], Convert.FromBase64String(other[3]));
                break;
            case "global signature":
                global[3] ^= 1;
                break;
            case "signature of another file":
                await Folder.MinisignAsync("mine", Folder.Write("other.tgz", "other"), "sequence:7");
                File.Copy(Folder["other.tgz.minisig"], SignaturePath, overwrite: true);
                return;
            case "signature by another key":
                await Folder.MinisignKeyAsync("other");
                await Folder.MinisignAsync("other", _archive, "sequence:7");
                return;
            case "signature by another key that calls itself by this one's id":
                await Folder.MinisignKeyAsync("other");
                await Folder.MinisignAsync("other", _archive, "sequence:7");
                string[] forged = await File.ReadAllLinesAsync(SignaturePath, Token);
                byte[] disguised = [.. signature[..10], .. Convert.FromBase64String(forged[1])[10..]];
                forged[1] = Convert.ToBase64String(disguised);
                await File.WriteAllLinesAsync(SignaturePath, forged, Token);
                return;
            case "signature cut in its middle":
                Folder.Write("app.tgz.minisig", string.Join('\n', lines)[..100]);
                return;
            case "signature without its trusted comment":
                await File.WriteAllLinesAsync(SignaturePath, lines[..2], Token);
                return;
            case "signature that is empty":
                Folder.Write("app.tgz.minisig", "");
                return;
            case "signature that is a web page":
                Folder.Write("app.tgz.minisig", "<html>\n<body>\n404\n</html>\n");
                return;
            default:
                throw new ArgumentException(what);
        }

        (lines[1], lines[3]) = (Convert.ToBase64String(signature), Convert.ToBase64String(global));
        await File.WriteAllLinesAsync(SignaturePath, lines, Token);
    }

    private static string Sha256(string path) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)));
}
