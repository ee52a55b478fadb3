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
    [InlineData("page.tgz", "<html>404</html>", "is no archive but looks like a web page")]
    [InlineData("page.tar.gz", "<html>404</html>", "is no archive but looks like a web page")]
    [InlineData("page.tar.zst", "<html>404</html>", "is no archive but looks like a web page")]
    [InlineData("page.tar", "<html>404</html>", "is no archive but looks like a web page")]
    [InlineData("page.zip", "<html>404</html>", "is no archive but looks like a web page")]
    [InlineData("PAGE.ZIP", "<html>404</html>", "is no archive but looks like a web page")]
    [InlineData("text.tgz", "Not found", "is no archive, whatever its name says")]
    [InlineData("nothing.tgz", "", "is empty")]
    [InlineData("nothing.tar", "", "is empty")]
    [InlineData("nothing.zip", "", "is empty")]
    [InlineData("half.zip", "PK\u0003\u0004 and no more", "is damaged or incomplete")]
    public async Task What_is_no_archive_is_named(string name, string content, string reason) =>
        Assert.Contains(reason, await _fixture.Refusal(Folder.Write(name, content), TestContext.Current.CancellationToken));

    [Theory(Timeout = 30_000)]
    [InlineData("v2.tar", "cf", "v2")]
    [InlineData("v2.tar.gz", "czf", "v2")]
    [InlineData("v2.tgz", "czf", "v2")]
    [InlineData("v2.tar.zst", "--zstd -cf", "v2")]
    [InlineData("v2.tzst", "--zstd -cf", "v2")]
    [InlineData("V2.TAR.ZST", "--zstd -cf", "V2")]
    [InlineData("v2.tar", "czf", "v2")]
    [InlineData("v2.tar.gz", "cf", "v2")]
    [InlineData("v2.zip", "--zstd -cf", "v2")]
    [InlineData("download", "czf", "download")]
    [InlineData("app-1.2.3", "--zstd -cf", "app-1.2.3")]
    [InlineData("app-1.2.3.tar", "--format=v7 -cf", "app-1.2.3")]
    [InlineData("app.tar", "--format=ustar -cf", "app")]
    public async Task Archives_of_the_system_are_told_by_what_they_hold(string name, string options, string label)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        Folder.Script("content/server");
        Folder.Write("content/www/index.html", "hello");
        await RunTar([.. options.Split(' '), Folder[name], "-C", Folder["content"], "."], token);
        using StagedRelease folder = await _fixture.Stage(Folder["content"], token);
        using StagedRelease archive = await _fixture.Stage(Folder[name], token);

        Assert.Equal(folder.Digest, archive.Digest);
        Assert.Equal(label, archive.Label);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_zip_archive_that_its_name_calls_something_else_stays_one_file()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        using StagedRelease jar = await _fixture.Stage(Folder.Write("app.jar", new RawZip().Add("META-INF/MANIFEST.MF").ToArray()), token);
        using StagedRelease download = await _fixture.Stage(Folder.Write("download", new RawZip().Add("server").ToArray()), token);

        Assert.Equal(["app.jar"], Directory.GetFiles(jar.Directory).Select(Path.GetFileName));
        Assert.Equal(["server"], Directory.GetFiles(download.Directory).Select(Path.GetFileName));
    }

    [Fact(Timeout = 30_000)]
    public async Task Names_that_differ_in_case_alone_are_two_files()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        byte[] tar = new RawTar().Add(RawTar.File, "Readme", content: "upper").Add(RawTar.File, "readme", content: "lower").ToArray();
        using StagedRelease staged = await _fixture.Stage(Folder.Write("x.tar", tar), token);

        Assert.Equal("upper", await File.ReadAllTextAsync(Path.Combine(staged.Directory, "Readme"), token));
        Assert.Equal("lower", await File.ReadAllTextAsync(Path.Combine(staged.Directory, "readme"), token));
    }

    [Theory(Timeout = 30_000)]
    [InlineData(0b111_111_111_111, 0b000_111_111_101)]
    [InlineData(0b000_110_110_110, 0b000_110_110_100)]
    [InlineData(0b000_101_101_101, 0b000_101_101_101)]
    [InlineData(0b000_000_000_000, 0b000_000_000_000)]
    public async Task Special_bits_and_writing_for_everybody_are_dropped_and_executables_stay_so(int mode, int kept)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        byte[] tar = new RawTar().Add(RawTar.Folder, "d/", mode: mode).Add(RawTar.File, "d/x", mode: mode, content: "x").Add(RawTar.File, "y").ToArray();
        byte[] zip = new RawZip().Add("d/", "", 0x4000 | mode).Add("d/x", "x", 0x8000 | mode).Add("y").ToArray();
        foreach (string archive in (string[])[Folder.Write("x.tar", tar), Folder.Write("x.zip", zip)])
        {
            using StagedRelease staged = await _fixture.Stage(archive, token);

            Assert.Equal((UnixFileMode)kept, File.GetUnixFileMode(Path.Combine(staged.Directory, "d/x")));
            Assert.Equal((UnixFileMode)(kept | 0b111_000_000), File.GetUnixFileMode(Path.Combine(staged.Directory, "d")));
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task Everything_belongs_to_the_user_of_the_front()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        byte[] tar = new RawTar().Add(RawTar.Folder, "d/").Add(RawTar.File, "d/x", content: "x").Add(RawTar.File, "y", content: "y").ToArray();
        using StagedRelease staged = await _fixture.Stage(Folder.Write("x.tar", tar), token);

        using var find = Process.Start(new ProcessStartInfo("find", [staged.Directory, "!", "-user", Environment.UserName]) { RedirectStandardOutput = true })!;
        Assert.Empty(await find.StandardOutput.ReadToEndAsync(token));
        await find.WaitForExitAsync(token);
        Assert.Equal(0, find.ExitCode);
    }

    [Fact(Timeout = 30_000)]
    public async Task Long_names_of_both_kinds_are_kept()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        string pax = string.Concat(Enumerable.Repeat("deep/", 60)) + "p";
        string gnu = new string('g', 200);
        byte[] tar = new RawTar().Pax(("path", pax)).Add(RawTar.File, "x", content: "1").Long(RawTar.LongName, gnu).Add(RawTar.File, "x", content: "2").ToArray();
        using StagedRelease staged = await _fixture.Stage(Folder.Write("x.tar", tar), token);

        Assert.Equal("1", await File.ReadAllTextAsync(Path.Combine(staged.Directory, pax), token));
        Assert.Equal("2", await File.ReadAllTextAsync(Path.Combine(staged.Directory, gnu), token));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("cf", "x.tar")]
    [InlineData("--zstd -cf", "x.tar.zst")]
    public async Task Other_archives_cut_anywhere_are_never_a_release_either(string options, string name)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        byte[] noise = new byte[4000];
        new Random(1).NextBytes(noise);
        Folder.Write("content/a", noise);
        await RunTar([.. options.Split(' '), Folder[name], "-C", Folder["content"], "a"], token);
        byte[] whole = await File.ReadAllBytesAsync(Folder[name], token);

        // A plain archive ends with two blocks of zeros, which are enough where the rest of the padding is cut.
        int end = name == "x.tar" ? 512 + 4096 + 511 : whole.Length;
        for (int length = 1; length < end; length += 97)
        {
            string refusal = await _fixture.Refusal(Folder.Write(name, whole[..length]), token);
            Assert.True(
                refusal.Contains("is damaged or incomplete", StringComparison.Ordinal) || (length < 512 && refusal.Contains("is no archive", StringComparison.Ordinal)),
                $"{length}: {refusal}");
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task A_folder_has_limits_too()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        Folder.Script("v1/server");
        Folder.Write("v1/data", new byte[1000]);
        _fixture.Demands = new() { Limits = new() { Size = 1000 } };
        Assert.Equal(
            $"{Folder["v1"]} is refused: it holds more than 1000 bytes; if that is right, raise limits.size of the app",
            await _fixture.Refusal(Folder["v1"], token));

        _fixture.Demands = new() { Limits = new() { Entries = 1 } };
        Assert.Equal(
            $"{Folder["v1"]} is refused: it has more than 1 entries; if that is right, raise limits.entries of the app",
            await _fixture.Refusal(Folder["v1"], token));
    }

    [Fact(Timeout = 30_000)]
    public async Task What_does_not_fit_on_the_disk_is_not_begun()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        _fixture.Demands = new() { Limits = new() { Size = long.MaxValue } };
        string huge = Folder.WriteSparse("server", new DriveInfo(Folder.Path).AvailableFreeSpace + (1L << 30));

        Assert.Equal(
            $"no space left in {Folder["releases"]} for a copy of {huge}; free some, or keep fewer releases", await _fixture.Refusal(huge, token));
    }

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
        for (int length = 4; length < whole.Length; length += 11)
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
