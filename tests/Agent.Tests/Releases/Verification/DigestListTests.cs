using System.Security.Cryptography;
using BlueGreen.Agent.Releases;

namespace BlueGreen.Agent.Tests.Releases.Verification;

public sealed class DigestListTests : IDisposable
{
    private const string Wrong = "0000000000000000000000000000000000000000000000000000000000000000";

    private readonly StoreFixture _fixture = new();
    private readonly string _archive;
    private readonly string _digest;

    public DigestListTests()
    {
        byte[] content = new RawTar().Add(RawTar.File, "server", content: "#!/bin/sh\n").ToGzip();
        _archive = Folder.Write("app.tgz", content);
        _digest = Convert.ToHexStringLower(SHA256.HashData(content));
    }

    private TemporaryFolder Folder => _fixture.Folder;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Lists => new()
    {
        { "app.tgz.sha256", "{0}\n" },
        { "app.tgz.sha256", "{0}" },
        { "app.tgz.sha256", "{0}  app.tgz\n" },
        { "app.tgz.sha256", "{0} *app.tgz\r\n" },
        { "app.tgz.sha256", "{0}  -\n" },
        { "app.tgz.sha256", "{0}  /build/out/app.tgz\n" },
        { "app.tgz.sha256", "SHA256 (app.tgz) = {0}\n" },
        { "app.tgz.sha256", "SHA256(dist/app.tgz)= {0}\n" },
        { "app.tgz.sha256", "SHA2-256(app.tgz)= {0}\n" },
        { "SHA256SUMS", "{1}  other.tgz\n{0}  app.tgz\n{1}  app.tgz.old\n" },
        { "SHA256SUMS", "{1} *other.tgz\n{0} *./app.tgz\n" },
        { "SHA256SUMS", "SHA256 (other.tgz) = {1}\nSHA256 (app.tgz) = {0}\n" },
        { "SHA256SUMS", "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{0}  app.tgz\n-----BEGIN PGP SIGNATURE-----\n" },
    };

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Lists))]
    public async Task A_list_beside_the_file_decides(string name, string form)
    {
        Folder.Write(name, string.Format(null, form, _digest.ToUpperInvariant(), Wrong));
        using (await _fixture.Stage(_archive, Token))
        {
        }

        Folder.Write(name, string.Format(null, form, Wrong, _digest));
        string refusal = await _fixture.Refusal(_archive, Token);

        Assert.Equal($"app.tgz is refused: expected SHA-256 {Wrong} (by {name}), got {_digest}; it is damaged, or another file", refusal);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("sha256sum", "app.tgz", "")]
    [InlineData("sha256sum", "app.tgz", "--binary")]
    [InlineData("sha256sum", "app.tgz", "--tag")]
    [InlineData("sha256sum", "back\\slash.tgz", "")]
    [InlineData("sha256sum", "new\nline.tgz", "")]
    [InlineData("openssl", "app.tgz", "dgst -sha256")]
    public async Task What_the_real_programs_write_is_understood(string program, string name, string options)
    {
        string path = Folder.Write(name, await File.ReadAllBytesAsync(_archive, Token));
        await Signing.RunAsync("sh", "-c", $"cd '{Folder.Path}' && {program} {options} \"$1\" > SHA256SUMS", "sh", name);
        using StagedRelease staged = await _fixture.Stage(path, Token);
        Folder.Write(name, [.. await File.ReadAllBytesAsync(path, Token), 0]);

        Assert.Contains($"expected SHA-256 {_digest} (by SHA256SUMS), got ", await _fixture.Refusal(path, Token));
    }

    [Theory(Timeout = 30_000)]
    [InlineData("app.tgz.sha256", "", "app.tgz.sha256 has no SHA-256 of it")]
    [InlineData("app.tgz.sha256", "<html>404</html>", "app.tgz.sha256 has no SHA-256 of it")]
    [InlineData("app.tgz.sha256", "{0}  other.tgz", "app.tgz.sha256 has no SHA-256 of it")]
    [InlineData("app.tgz.sha256", "{0}{0}", "app.tgz.sha256 has no SHA-256 of it")]
    [InlineData("app.tgz.sha256", "{0}\n{1}\n", "app.tgz.sha256 has more than one SHA-256 for it")]
    [InlineData("SHA256SUMS", "{0}  app.tgz\n{1}  ./app.tgz\n", "SHA256SUMS has more than one SHA-256 for it")]
    public async Task A_list_that_makes_no_sense_is_named(string name, string form, string reason)
    {
        Folder.Write(name, string.Format(null, form, _digest, Wrong));

        Assert.StartsWith($"app.tgz is refused: {reason}; ", await _fixture.Refusal(_archive, Token));
    }

    [Theory(Timeout = 30_000)]
    [InlineData("")]
    [InlineData("{1}  other.tgz\n")]
    [InlineData("{1}  old/app.tgz\n")]
    public async Task A_list_for_the_whole_folder_need_not_know_the_file(string form)
    {
        Folder.Write("SHA256SUMS", string.Format(null, form, _digest, Wrong));
        using StagedRelease staged = await _fixture.Stage(_archive, Token);

        Assert.Equal(_digest, staged.Verified!.Sha256);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_pinned_digest_decides_and_the_lists_beside_still_count()
    {
        _fixture.Demands = new() { Sha256 = _digest };
        using (await _fixture.Stage(_archive, Token))
        {
        }

        Folder.Write("app.tgz.sha256", Wrong);
        Assert.Contains("(by app.tgz.sha256)", await _fixture.Refusal(_archive, Token));

        _fixture.Demands = new() { Sha256 = Wrong };
        Assert.Equal(
            $"app.tgz is refused: expected SHA-256 {Wrong} (by --sha256), got {_digest}; it is damaged, or another file",
            await _fixture.Refusal(_archive, Token));
    }

    [Theory(Timeout = 30_000)]
    [InlineData("folder", "is no file")]
    [InlineData("huge", "is too large to be what its name says")]
    public async Task What_lies_in_place_of_a_list_is_not_passed_over(string what, string reason)
    {
        if (what == "folder")
        {
            Directory.CreateDirectory(Folder["app.tgz.sha256"]);
        }
        else
        {
            Folder.WriteSparse("app.tgz.sha256", 2 << 20);
        }

        Assert.StartsWith($"{Folder["app.tgz.sha256"]} {reason}", await _fixture.Refusal(_archive, Token));
    }

    public void Dispose() => _fixture.Dispose();
}
