using System.Text;
using BlueGreen.Agent.Releases;

namespace BlueGreen.Agent.Tests.Releases.Verification;

/// <summary>Against the real openssl, and in the form cosign writes.</summary>
public sealed class EcdsaTests : IAsyncLifetime
{
    private readonly StoreFixture _fixture = new();
    private string _key = "";
    private string _archive = "";

    private TemporaryFolder Folder => _fixture.Folder;

    private string SignaturePath => _archive + ".sig";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _key = await Folder.EcdsaKeyAsync("mine");
        _archive = Folder.Write("app.tgz", new RawTar().Add(RawTar.File, "server", content: "#!/bin/sh\n").ToGzip());
        Trust(_key);
    }

    public ValueTask DisposeAsync()
    {
        _fixture.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory(Timeout = 30_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_openssl_has_signed_is_taken_as_base64_and_as_it_is(bool isBase64)
    {
        await Folder.EcdsaAsync("mine", _archive, isBase64);

        using StagedRelease staged = await _fixture.Stage(_archive, Token);

        Assert.Matches("^ecdsa:[0-9a-f]{16}$", staged.Verified!.SignedBy!);
        Assert.Null(staged.Verified.Sequence);
    }

    /// <summary>Made with OpenSSL's dgst -sha256 -sign, base64 with a final newline, as <c>cosign sign-blob --key</c> prints it.</summary>
    [Fact(Timeout = 30_000)]
    public async Task A_key_and_a_signature_from_elsewhere_are_understood()
    {
        await Folder.EcdsaAsync("mine", _archive);
        await File.AppendAllTextAsync(SignaturePath, "\n", Token);

        using StagedRelease staged = await _fixture.Stage(_archive, Token);

        Assert.NotNull(staged.Verified!.SignedBy);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("file", "is not its signature by ecdsa:")]
    [InlineData("file cut", "is not its signature by ecdsa:")]
    [InlineData("signature", "is not its signature by ecdsa:")]
    [InlineData("signature of another file", "is not its signature by ecdsa:")]
    [InlineData("signature by another key", "is not its signature by ecdsa:")]
    [InlineData("signature cut in its middle", "is not its signature by ecdsa:")]
    [InlineData("signature with more at its end", "is not its signature by ecdsa:")]
    [InlineData("signature of nothing but zeros", "is not its signature by ecdsa:")]
    [InlineData("signature that is empty", "is not its signature by ecdsa:")]
    [InlineData("signature that is a web page", "is no ECDSA signature")]
    public async Task Every_kind_of_tampering_is_refused(string what, string reason)
    {
        await Folder.EcdsaAsync("mine", _archive);
        byte[] file = await File.ReadAllBytesAsync(_archive, Token);
        byte[] signature = Convert.FromBase64String(await File.ReadAllTextAsync(SignaturePath, Token));
        switch (what)
        {
            case "file":
                file[10] ^= 1;
                Folder.Write("app.tgz", file);
                break;
            case "file cut":
                Folder.Write("app.tgz", file[..^1]);
                break;
            case "signature":
                signature[^1] ^= 1;
                Folder.Write("app.tgz.sig", Convert.ToBase64String(signature));
                break;
            case "signature of another file":
                await Folder.EcdsaAsync("mine", Folder.Write("other.tgz", "other"));
                File.Copy(Folder["other.tgz.sig"], SignaturePath, overwrite: true);
                break;
            case "signature by another key":
                await Folder.EcdsaKeyAsync("other");
                await Folder.EcdsaAsync("other", _archive);
                break;
            case "signature cut in its middle":
                Folder.Write("app.tgz.sig", Convert.ToBase64String(signature[..40]));
                break;
            case "signature with more at its end":
                Folder.Write("app.tgz.sig", Convert.ToBase64String([.. signature, 0]));
                break;
            case "signature of nothing but zeros": // CVE-2022-21449: r and s of 0
                Folder.Write("app.tgz.sig", Convert.ToBase64String([0x30, 6, 2, 1, 0, 2, 1, 0]));
                break;
            case "signature that is empty":
                Folder.Write("app.tgz.sig", "");
                break;
            case "signature that is a web page":
                Folder.Write("app.tgz.sig", "<html>404</html>");
                break;
            default:
                throw new ArgumentException(what);
        }

        string refusal = await _fixture.Refusal(_archive, Token);

        Assert.StartsWith("app.tgz is refused: app.tgz.sig ", refusal);
        Assert.Contains(reason, refusal);
        Assert.Empty(_fixture.StoredNames);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("secp384r1")]
    [InlineData("secp256k1")]
    public async Task Another_curve_is_no_key(string curve)
    {
        Trust(await Folder.EcdsaKeyAsync("curve", curve));

        Assert.EndsWith(
            "curve.pem holds no key that can be used: a public key of minisign, or an ECDSA P-256 public key in PEM",
            await _fixture.Refusal(_archive, Token));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_secret_key_is_not_taken_for_a_public_one()
    {
        Trust(Folder["mine.key"]);
        string refusal = await _fixture.Refusal(_archive, Token);
        await Folder.MinisignKeyAsync("mini");
        Trust(Folder["mini.key"]);

        Assert.Contains("holds a secret key", refusal);
        Assert.Contains("holds a secret key", await _fixture.Refusal(_archive, Token));
    }

    [Theory(Timeout = 30_000)]
    [InlineData("")]
    [InlineData("no key at all")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")]
    [InlineData("untrusted comment: minisign public key\nRWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO\n")]
    public async Task What_is_no_key_is_named(string content)
    {
        Trust(Folder.Write("some.key", Encoding.UTF8.GetBytes(content)));

        Assert.Contains("some.key holds no key that can be used", await _fixture.Refusal(_archive, Token));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_key_file_that_is_missing_is_named()
    {
        Trust(Folder["missing.pub"]);

        Assert.StartsWith($"the trusted key {Folder["missing.pub"]} cannot be read: ", await _fixture.Refusal(_archive, Token));
    }

    private void Trust(string key) => _fixture.Demands = new() { Trust = new() { Keys = [key], Require = true } };
}
