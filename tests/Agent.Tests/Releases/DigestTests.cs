using System.Security.Cryptography;
using System.Text;
using BlueGreen.Agent.Releases;

namespace BlueGreen.Agent.Tests.Releases;

public sealed class DigestTests : IDisposable
{
    private readonly StoreFixture _fixture = new();

    [Fact(Timeout = 30_000)]
    public async Task The_digest_is_what_the_documentation_says()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        _fixture.Folder.Write("v1/b/data", "text");
        _fixture.Folder.Write("v1/a", "run", TemporaryFolder.Executable);
        File.CreateSymbolicLink(_fixture.Folder["v1/c"], "b/data");
        string expected = $"x a\0{Hash("run")}\0" + "d b\0\0" + $"f b/data\0{Hash("text")}\0" + "l c\0b/data\0";

        Assert.Equal($"sha256:{Hash(expected)}", await Digest(token));
    }

    [Fact(Timeout = 30_000)]
    public async Task Times_and_permissions_other_than_executable_do_not_matter()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        string path = _fixture.Folder.Script("v1/server");
        string before = await Digest(token);
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        Assert.Equal(before, await Digest(token));
    }

    [Theory(Timeout = 30_000)]
    [InlineData("content")]
    [InlineData("name")]
    [InlineData("executable")]
    [InlineData("folder")]
    [InlineData("link")]
    [InlineData("file moved")]
    public async Task Whatever_a_program_can_see_changes_the_digest(string change)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        string path = _fixture.Folder.Script("v1/server");
        File.CreateSymbolicLink(_fixture.Folder["v1/link"], "server");
        string before = await Digest(token);
        switch (change)
        {
            case "content":
                _fixture.Folder.Script("v1/server", "exit 1\n");
                break;
            case "name":
                File.Move(path, path + "2");
                break;
            case "executable":
                File.SetUnixFileMode(path, TemporaryFolder.Plain);
                break;
            case "folder":
                Directory.CreateDirectory(_fixture.Folder["v1/empty"]);
                break;
            case "link":
                File.Delete(_fixture.Folder["v1/link"]);
                File.CreateSymbolicLink(_fixture.Folder["v1/link"], "./server");
                break;
            default:
                Directory.CreateDirectory(_fixture.Folder["v1/d"]);
                File.Move(path, _fixture.Folder["v1/d/server"]);
                break;
        }

        Assert.NotEqual(before, await Digest(token));
    }

    public void Dispose() => _fixture.Dispose();

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private async Task<string> Digest(CancellationToken cancellationToken)
    {
        using StagedRelease staged = await _fixture.Stage(_fixture.Folder["v1"], cancellationToken);
        return staged.Digest;
    }
}
