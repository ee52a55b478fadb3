using System.Formats.Tar;

namespace BlueGreen.Agent.Tests.Releases;

/// <summary>Archives that try to write where they must not. Each is refused, and nothing changes on disk.</summary>
public sealed class HostileArchiveTests : IDisposable
{
    private readonly StoreFixture _fixture = new();

    public static TheoryData<string, string> Tars => new()
    {
        { "absolute", "has an absolute path" },
        { "parent", "leads outside" },
        { "parent in the middle", "leads outside" },
        { "parent as folder", "leads outside" },
        { "link to an absolute path", "leads outside" },
        { "link to the parent", "leads outside" },
        { "link out of the stripped top folder", "leads outside" },
        { "link out through another link", "leads outside" },
        { "link that turns in circles", "leads outside" },
        { "file below a link", "is no directory" },
        { "file below a link to the outside", "is no directory" },
        { "folder in place of a link", "comes twice" },
        { "file in place of a link", "comes twice" },
        { "link in place of a folder with files", "comes twice" },
        { "file twice", "comes twice" },
        { "file below a file", "is no directory" },
        { "hard link to an absolute path", "has an absolute path" },
        { "hard link to the parent", "leads outside" },
        { "hard link through a link", "which is no file" },
        { "hard link to a link", "which is no file" },
        { "hard link to what comes later", "which is no file" },
        { "link without target", "link to nowhere" },
        { "device", "but a CharacterDevice" },
        { "disk", "but a BlockDevice" },
        { "pipe", "but a Fifo" },
        { "file named like the top", "has no file name" },
        { "sparse", "is stored sparse" },
    };

    public static TheoryData<string, string> Zips => new()
    {
        { "absolute", "has an absolute path" },
        { "parent", "leads outside" },
        { "backslashes", "leads outside" },
        { "drive of Windows with root", "leads outside" },
        { "link to an absolute path", "leads outside" },
        { "link to the parent", "leads outside" },
        { "file below a link", "is no directory" },
        { "file in place of a link", "comes twice" },
        { "file twice", "comes twice" },
        { "pipe", "is no file, directory or link" },
        { "device", "is no file, directory or link" },
        { "socket", "is no file, directory or link" },
        { "huge link", "is no file, directory or link" },
    };

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Tars))]
    public async Task A_hostile_tar_archive_is_refused_and_writes_nothing(string trick, string reason)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        _fixture.Folder.Write("secret", "outside");
        string archive = _fixture.Folder.Tar("bad.tgz", [Archives.TarFile("app/server"), .. TarEntries(trick)]);

        string refusal = await _fixture.Refusal(archive, token);

        Assert.StartsWith($"{archive} is refused: its entry \"", refusal);
        Assert.Contains(reason, refusal);
        Assert.Equal("outside", await File.ReadAllTextAsync(_fixture.Folder["secret"], token));
    }

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Zips))]
    public async Task A_hostile_zip_archive_is_refused_and_writes_nothing(string trick, string reason)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        string archive = _fixture.Folder.Zip("bad.zip", [("app/server", "text", 0), .. ZipEntries(trick)]);

        string refusal = await _fixture.Refusal(archive, token);

        Assert.StartsWith($"{archive} is refused: its entry \"", refusal);
        Assert.Contains(reason, refusal);
    }

    [Fact(Timeout = 30_000)]
    public async Task Control_characters_of_an_entry_do_not_reach_the_terminal()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        string archive = _fixture.Folder.Tar("bad.tgz", Archives.TarFile("../\u001b[31mred"));

        Assert.Contains("\"../?[31mred\"", await _fixture.Refusal(archive, token));
    }

    public void Dispose() => _fixture.Dispose();

    private static TarEntry[] TarEntries(string trick) => trick switch
    {
        "absolute" => [Archives.TarFile("/tmp/bluegreen-absolute")],
        "parent" => [Archives.TarFile("../../escaped")],
        "parent in the middle" => [Archives.TarFile("app/x/../../../../escaped")],
        "parent as folder" => [Archives.TarEntry(TarEntryType.Directory, "..")],
        "link to an absolute path" => [Link("app/etc", "/etc")],
        "link to the parent" => [Link("app/up", "../../secret")],
        "link out of the stripped top folder" => [Link("app/up", "..")],
        "link out through another link" => [Link("app/a/b", ".."), Link("app/c", "a/b/../..")],
        "link that turns in circles" => [Link("app/a", "b"), Link("app/b", "a")],
        "file below a link" => [Link("app/dir", "."), Archives.TarFile("app/dir/file")],
        "file below a link to the outside" => [Link("app/dir", "../../.."), Archives.TarFile("app/dir/secret", "overwritten")],
        "folder in place of a link" => [Link("app/dir", "/tmp"), Archives.TarEntry(TarEntryType.Directory, "app/dir")],
        "file in place of a link" => [Link("app/x", "../../../secret"), Archives.TarFile("app/x", "overwritten")],
        "link in place of a folder with files" => [Archives.TarFile("app/dir/file"), Link("app/dir", "/tmp")],
        "file twice" => [Archives.TarFile("./app//server")],
        "file below a file" => [Archives.TarFile("app/server/file")],
        "hard link to an absolute path" => [Hard("app/passwd", "/etc/passwd")],
        "hard link to the parent" => [Hard("app/up", "app/../../secret")],
        "hard link through a link" => [Link("app/dir", "/etc"), Hard("app/passwd", "app/dir/passwd")],
        "hard link to a link" => [Link("app/link", "/etc/passwd"), Hard("app/passwd", "app/link")],
        "hard link to what comes later" => [Hard("app/early", "app/late"), Archives.TarFile("app/late")],
        "link without target" => [Link("app/none", "\0")],
        "device" => [Archives.TarEntry(TarEntryType.CharacterDevice, "app/null")],
        "disk" => [Archives.TarEntry(TarEntryType.BlockDevice, "app/sda")],
        "pipe" => [Archives.TarEntry(TarEntryType.Fifo, "app/pipe")],
        "file named like the top" => [Archives.TarFile("./")],
        "sparse" => [new PaxTarEntry(TarEntryType.RegularFile, "app/s", [new("GNU.sparse.major", "1")])],
        _ => throw new ArgumentException(trick),
    };

    private static (string Name, string Content, int Mode)[] ZipEntries(string trick) => trick switch
    {
        "absolute" => [("/tmp/bluegreen-absolute", "", 0)],
        "parent" => [("app/../../escaped", "", 0)],
        "backslashes" => [("..\\..\\escaped", "", 0)],
        "drive of Windows with root" => [("C:\\..\\..\\escaped", "", 0)],
        "link to an absolute path" => [("app/etc", "/etc", 0xA1FF)],
        "link to the parent" => [("app/up", "../..", 0xA1FF)],
        "file below a link" => [("app/dir", "/tmp", 0xA1FF), ("app/dir/file", "", 0x81A4)],
        "file in place of a link" => [("app/x", "../../../secret", 0xA1FF), ("app/x", "", 0x81A4)],
        "file twice" => [("app/server", "", 0x81A4)],
        "pipe" => [("app/pipe", "", 0x11A4)],
        "device" => [("app/null", "", 0x21A4)],
        "socket" => [("app/socket", "", 0xC1A4)],
        "huge link" => [("app/link", new string('x', 5000), 0xA1FF)],
        _ => throw new ArgumentException(trick),
    };

    private static TarEntry Link(string name, string target) => Archives.TarEntry(TarEntryType.SymbolicLink, name, target);

    private static TarEntry Hard(string name, string target) => Archives.TarEntry(TarEntryType.HardLink, name, target);
}
