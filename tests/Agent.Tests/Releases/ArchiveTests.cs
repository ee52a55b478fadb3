using System.Diagnostics;
using System.Formats.Tar;
using BlueGreen.Agent.Releases;

namespace BlueGreen.Agent.Tests.Releases;

public sealed class ArchiveTests : IDisposable
{
    private readonly StoreFixture _fixture = new();

    private TemporaryFolder Folder => _fixture.Folder;

    [Fact(Timeout = 30_000)]
    public async Task A_tar_archive_keeps_modes_times_links_and_empty_folders()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        string archive = Folder.Tar(
            "v2.tar.gz",
            Archives.TarFile("server", "#!/bin/sh\n", Archives.Executable | UnixFileMode.SetUser | UnixFileMode.SetGroup),
            Archives.TarFile("data/config", "x", TemporaryFolder.Private),
            Archives.TarEntry(TarEntryType.Directory, "empty/"),
            Archives.TarEntry(TarEntryType.SymbolicLink, "data/run", "../server"),
            Archives.TarEntry(TarEntryType.SymbolicLink, "later", "made/at/run/time"),
            Archives.TarEntry(TarEntryType.HardLink, "twin", "server"));

        using StagedRelease staged = await _fixture.Stage(archive, token);

        Assert.Equal("v2", staged.Label);
        Assert.Equal(Archives.Executable, File.GetUnixFileMode(Path.Combine(staged.Directory, "server")));
        Assert.Equal(Archives.Executable, File.GetUnixFileMode(Path.Combine(staged.Directory, "twin")));
        Assert.Equal(TemporaryFolder.Private, File.GetUnixFileMode(Path.Combine(staged.Directory, "data/config")));
        Assert.Equal(DateTime.UnixEpoch.AddDays(1), File.GetLastWriteTimeUtc(Path.Combine(staged.Directory, "server")));
        Assert.Equal("../server", new FileInfo(Path.Combine(staged.Directory, "data/run")).LinkTarget);
        Assert.Equal("made/at/run/time", new FileInfo(Path.Combine(staged.Directory, "later")).LinkTarget);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(staged.Directory, "empty")));
        Assert.Equal(21, staged.SizeBytes);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_zip_archive_keeps_modes_and_links_and_strips_special_bits()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        string archive = Folder.Zip(
            "v2.zip",
            ("bin/server", "#!/bin/sh\n", 0x8DE8),
            ("notes", "x", 0x8180),
            ("empty/", "", 0x41ED),
            ("run", "bin/server", 0xA1FF));

        using StagedRelease staged = await _fixture.Stage(archive, token);

        Assert.Equal(Archives.Executable, File.GetUnixFileMode(Path.Combine(staged.Directory, "bin/server")));
        Assert.Equal(TemporaryFolder.Private, File.GetUnixFileMode(Path.Combine(staged.Directory, "notes")));
        Assert.Equal("bin/server", new FileInfo(Path.Combine(staged.Directory, "run")).LinkTarget);
        Assert.True(Directory.Exists(Path.Combine(staged.Directory, "empty")));
    }

    [Fact(Timeout = 30_000)]
    public async Task Programs_of_a_zip_without_modes_become_executable()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        string archive = Folder.Zip(
            "win.zip", ("run.sh", "#!/bin/sh\n", 0), ("bin\\server", "\u007fELF" + new string('x', 100), 0), ("readme", "text", 0));

        using StagedRelease staged = await _fixture.Stage(archive, token);

        Assert.True(File.GetUnixFileMode(Path.Combine(staged.Directory, "run.sh")).HasFlag(UnixFileMode.UserExecute));
        Assert.True(File.GetUnixFileMode(Path.Combine(staged.Directory, "bin/server")).HasFlag(UnixFileMode.UserExecute));
        Assert.False(File.GetUnixFileMode(Path.Combine(staged.Directory, "readme")).HasFlag(UnixFileMode.UserExecute));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_lone_top_folder_is_stripped_from_both_kinds_of_archive()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        string tar = Folder.Tar("app-1.2.tgz", Archives.TarFile("./app-1.2/server"), Archives.TarFile("app-1.2/app.txt"));
        string zip = Folder.Zip("app-1.2.zip", ("app-1.2/server", "x", 0), ("__MACOSX/app-1.2/._server", "x", 0));
        using StagedRelease fromTar = await _fixture.Stage(tar, token);
        using StagedRelease fromZip = await _fixture.Stage(zip, token);

        Assert.Equal(["app.txt", "server"], Directory.GetFiles(fromTar.Directory).Select(Path.GetFileName).Order());
        Assert.Equal(["server"], Directory.GetFiles(fromZip.Directory).Select(Path.GetFileName));
        Assert.Equal("app-1.2", fromTar.Label);
    }

    [Fact(Timeout = 30_000)]
    public async Task Two_top_folders_with_like_names_are_both_kept()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        string tar = Folder.Tar("x.tgz", Archives.TarFile("app/server"), Archives.TarFile("app.d/server"), Archives.TarFile("app-x"));
        using StagedRelease staged = await _fixture.Stage(tar, token);

        IEnumerable<string?> names = Directory.GetFileSystemEntries(staged.Directory).Select(Path.GetFileName);
        Assert.Equal(["app", "app-x", "app.d"], names.Order(StringComparer.Ordinal));
    }

    [Fact(Timeout = 30_000)]
    public async Task An_archive_of_a_single_program_is_a_release()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        string tar = Folder.Tar("one.tgz", Archives.TarFile("server", "#!/bin/sh\n", Archives.Executable));
        using StagedRelease staged = await _fixture.Stage(tar, token);

        Assert.Equal("./server", LaunchCommand.Find(staged.Directory, null).Line);
    }

    [Fact(Timeout = 30_000)]
    public async Task The_same_tree_has_the_same_digest_as_folder_and_as_the_system_tools_archives()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        Folder.Script("v1/server");
        Folder.Write("v1/www/index.html", "hello");
        Directory.CreateDirectory(Folder["v1/empty"]);
        File.CreateSymbolicLink(Folder["v1/www/run"], "../server");
        await RunTar(["czf", Folder["a.tgz"], "-C", Folder.Path, "v1"], token);
        await RunTar(["czf", Folder["b.tgz"], "--format=gnu", "-C", Folder["v1"], "."], token);
        using StagedRelease folder = await _fixture.Stage(Folder["v1"], token);
        using StagedRelease tar = await _fixture.Stage(Folder["a.tgz"], token);
        using StagedRelease gnu = await _fixture.Stage(Folder["b.tgz"], token);

        Assert.Equal(folder.Digest, tar.Digest);
        Assert.Equal(folder.Digest, gnu.Digest);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("page.tgz", "<html>404</html>", "is not a gzip archive")]
    [InlineData("page.tar.gz", "<html>404</html>", "is not a gzip archive")]
    [InlineData("page.zip", "<html>404</html>", "is not a zip archive")]
    [InlineData("PAGE.ZIP", "<html>404</html>", "is not a zip archive")]
    [InlineData("nothing.tgz", "", "is empty")]
    [InlineData("nothing.zip", "", "is empty")]
    [InlineData("half.zip", "PK\u0003\u0004 and no more", "is damaged or incomplete")]
    public async Task What_is_no_archive_is_named(string name, string content, string reason) =>
        Assert.Contains(reason, await _fixture.Refusal(Folder.Write(name, content), TestContext.Current.CancellationToken));

    [Fact(Timeout = 30_000)]
    public async Task A_compressed_file_that_is_no_tar_is_damaged()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await using (var file = File.Create(Folder["log.tgz"]))
        await using (var zipped = new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionLevel.Fastest))
        {
            await zipped.WriteAsync(System.Text.Encoding.UTF8.GetBytes(new string('x', 5000)), token);
        }

        Assert.Contains("is damaged or incomplete", await _fixture.Refusal(Folder["log.tgz"], token));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_tar_archive_cut_anywhere_before_its_end_is_never_a_release()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        byte[] noise = new byte[1500];
        new Random(1).NextBytes(noise);
        string text = Convert.ToBase64String(noise);
        byte[] whole = await File.ReadAllBytesAsync(
            Folder.Tar("x.tgz", Archives.TarFile("a", text), Archives.TarFile("b", text + "b")), token);

        // The tail holds the end marker and gzip's checksum; the entries are complete there.
        for (int length = 2; length < whole.Length - 40; length += 23)
        {
            string refusal = await _fixture.Refusal(Folder.Write("cut.tgz", whole[..length]), token);
            Assert.Contains("is damaged or incomplete", refusal);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_zip_archive_cut_or_altered_anywhere_is_never_a_release()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        byte[] noise = new byte[300];
        new Random(1).NextBytes(noise);
        byte[] whole = await File.ReadAllBytesAsync(
            Folder.Zip("x.zip", ("a", Convert.ToBase64String(noise), 0)), token);
        for (int length = 2; length < whole.Length; length += 11)
        {
            Assert.Contains("is damaged", await _fixture.Refusal(Folder.Write("cut.zip", whole[..length]), token));
        }

        whole[100] ^= 0xff; // in the compressed bytes of the only entry
        Assert.Contains("is damaged", await _fixture.Refusal(Folder.Write("altered.zip", whole), token));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_tar_archive_with_a_wrong_checksum_is_refused()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        byte[] whole = await File.ReadAllBytesAsync(Folder.Tar("x.tgz", Archives.TarFile("a")), token);
        whole[^6] ^= 0xff; // CRC-32, in the last eight bytes

        Assert.Contains("is damaged", await _fixture.Refusal(Folder.Write("altered.tgz", whole), token));
    }

    [Fact(Timeout = 30_000)]
    public async Task Archives_without_files_are_empty()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        const TarEntryType folder = TarEntryType.Directory;
        string tar = Folder.Tar("a.tgz", Archives.TarEntry(folder, "app/"), Archives.TarEntry(folder, "app/x/"));
        string zip = Folder.Zip("b.zip");

        Assert.Contains("is empty", await _fixture.Refusal(tar, token));
        Assert.Contains("is empty", await _fixture.Refusal(zip, token));
    }

    public void Dispose() => _fixture.Dispose();

    private static async Task RunTar(string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start("tar", arguments);
        await process.WaitForExitAsync(cancellationToken);
        Assert.Equal(0, process.ExitCode);
    }
}
