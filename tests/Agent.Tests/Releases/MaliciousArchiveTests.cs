using System.IO.Compression;
using System.Text;
using BlueGreen.Agent.Releases;

namespace BlueGreen.Agent.Tests.Releases;

/// <summary>
/// Archives made byte by byte to do harm. Each is refused with its reason, and leaves nothing: not outside, not in the store.
/// </summary>
public sealed class MaliciousArchiveTests : IDisposable
{
    private const string Escaped = "bluegreen-escaped";

    private static readonly byte[] NotUtf8 = [(byte)'a', 0xff, (byte)'b'];

    private readonly StoreFixture _fixture = new();

    public static TheoryData<string, string> Tars => new()
    {
        { "absolute name", "has an absolute path" },
        { "absolute name behind a slash that is stripped once", "has an absolute path" },
        { "parent", "leads outside" },
        { "parent in the middle", "leads outside" },
        { "parent in the prefix field", "leads outside" },
        { "parent in a pax record", "leads outside" },
        { "parent in a long name of GNU", "leads outside" },
        { "parent as a folder", "leads outside" },
        { "link to an absolute path", "leads outside" },
        { "link to the parent", "leads outside" },
        { "link outside in a pax record", "leads outside" },
        { "link outside in a long link of GNU", "leads outside" },
        { "link outside through another link", "leads outside" },
        { "links in a circle", "leads outside" },
        { "link to a path without end", "too long" },
        { "link out of the top folder that is stripped", "leads outside" },
        { "link without a target", "link to nowhere" },
        { "link in place of a folder with files", "comes twice" },
        { "file through a link", "is no directory" },
        { "file through a link that becomes a folder", "comes twice" },
        { "file over a link", "comes twice" },
        { "hard link to a link", "which is no file" },
        { "hard link to what comes later", "which is no file" },
        { "hard link to an absolute path", "has an absolute path" },
        { "hard link to the parent", "leads outside" },
        { "hard link through a link", "which is no file" },
        { "file twice", "comes twice" },
        { "file twice by other spelling", "comes twice" },
        { "file over a folder", "comes twice" },
        { "file over all of the release", "has no file name" },
        { "file below a file", "is no directory" },
        { "character device", "is no file, directory or link" },
        { "block device", "is no file, directory or link" },
        { "pipe", "is no file, directory or link" },
        { "part of another volume", "is no file, directory or link" },
        { "old sparse file", "not supported; make the archive in another way" },
        { "new sparse file", "is stored sparse" },
        { "NUL in a name", "holds a NUL" },
        { "name that is not UTF-8", "not UTF-8" },
        { "name longer than a name can be", "too long" },
        { "path longer than a path can be", "too long" },
        { "name of a gigabyte", "to describe one entry" },
        { "attributes of a gigabyte", "to describe one entry" },
        { "size below zero", "is damaged" },
        { "size that overflows", "is damaged" },
        { "wrong checksum of a header", "is damaged" },
        { "wrong checksum of a header after a long name", "is damaged" },
        { "header without a checksum, which ends the archive for some readers", "is damaged" },
        { "content that is not there", "is damaged" },
        { "bomb in a file", "more than 200 times its size" },
        { "bomb after the end", "more than 200 times its size" },
        { "bomb of zstd", "more than 200 times its size" },
        { "bomb of hard links", "more than 3000000 bytes" },
        { "too large a file", "more than 3000000 bytes" },
        { "too many files", "more than 500 entries" },
        { "too many folders in one name", "more than 500 entries" },
        { "too many comments", "more than 500 entries" },
    };

    public static TheoryData<string, string> Zips => new()
    {
        { "absolute name", "has an absolute path" },
        { "parent", "leads outside" },
        { "parent with backslashes", "leads outside" },
        { "parent behind a drive of Windows", "leads outside" },
        { "parent as a folder", "leads outside" },
        { "link to an absolute path", "leads outside" },
        { "link to the parent", "leads outside" },
        { "link outside through another link", "leads outside" },
        { "file through a link", "is no directory" },
        { "file over a link", "comes twice" },
        { "file twice", "comes twice" },
        { "file below a file", "is no directory" },
        { "character device", "is no file, directory or link" },
        { "block device", "is no file, directory or link" },
        { "pipe", "is no file, directory or link" },
        { "socket", "is no file, directory or link" },
        { "link of megabytes", "is no file, directory or link" },
        { "encrypted", "is encrypted" },
        { "NUL in a name", "holds a NUL" },
        { "name that is not UTF-8", "not UTF-8" },
        { "name longer than a name can be", "too long" },
        { "wrong checksum", "is damaged" },
        { "more than it says", "is damaged" },
        { "less than it says", "is damaged" },
        { "bomb", "more than 200 times its size" },
        { "bomb of entries that overlap", "more than 3000000 bytes" },
        { "too large a file", "more than 3000000 bytes" },
        { "too many files", "more than 500 entries" },
    };

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Tars))]
    public async Task A_malicious_tar_archive_is_refused_and_leaves_nothing(string trick, string reason)
    {
        byte[] archive = trick == "bomb of zstd" ? Zstd(200 << 20) : Tar(trick);
        // What is about its content alone is tried in both forms: the paths to the reader differ.
        await RefuseAsync("bad.tar", archive, trick, reason);
        if (trick != "bomb of zstd" && !trick.StartsWith("bomb", StringComparison.Ordinal))
        {
            await RefuseAsync("bad.tar.gz", Gzip(archive), trick, reason);
        }
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Zips))]
    public Task A_malicious_zip_archive_is_refused_and_leaves_nothing(string trick, string reason) =>
        RefuseAsync("bad.zip", Zip(trick), trick, reason);

    [Fact(Timeout = 30_000)]
    public async Task Control_characters_of_an_entry_do_not_reach_the_terminal()
    {
        byte[] tar = new RawTar().Add(RawTar.File, "../\u001b[31mred", content: "x").ToArray();
        string archive = _fixture.Folder.Write("bad.tar", tar);

        Assert.Contains("\"../?[31mred\"", await _fixture.Refusal(archive, TestContext.Current.CancellationToken));
    }

    public void Dispose() => _fixture.Dispose();

    private async Task RefuseAsync(string name, byte[] archive, string trick, string reason)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        bool isAboutLimits = reason.Contains("more than", StringComparison.Ordinal) && !reason.Contains("times", StringComparison.Ordinal);
        _fixture.Demands = new ReleaseDemands { Limits = isAboutLimits ? new() { Size = 3_000_000, Entries = 500 } : new() };
        _fixture.Folder.Write("secret", "outside");
        string path = _fixture.Folder.Write(name, archive);

        string refusal = await _fixture.Refusal(path, token);

        Assert.StartsWith(path, refusal);
        Assert.True(refusal.Contains(reason, StringComparison.Ordinal), $"{trick}: {refusal}");
        Assert.Equal("outside", await File.ReadAllTextAsync(_fixture.Folder["secret"], token));
        Assert.False(Path.Exists($"/tmp/{Escaped}"), "written outside");
        Assert.Empty(_fixture.StoredNames);
    }

    private static byte[] Tar(string trick)
    {
        RawTar tar = new RawTar().Add(RawTar.Folder, "app/").Add(RawTar.File, "app/server", content: "text");
        switch (trick)
        {
            case "absolute name": return tar.Add(RawTar.File, $"/tmp/{Escaped}", content: "x").ToArray();
            case "absolute name behind a slash that is stripped once": return tar.Add(RawTar.File, $"//tmp/{Escaped}", content: "x").ToArray();
            case "parent": return tar.Add(RawTar.File, $"../../../../{Escaped}", content: "x").ToArray();
            case "parent in the middle": return tar.Add(RawTar.File, $"app/x/../../../../../{Escaped}", content: "x").ToArray();
            case "parent in the prefix field": return tar.Add(RawTar.File, Escaped, prefix: "app/../..", content: "x").ToArray();
            case "parent in a pax record": return tar.Pax(("path", $"app/../../{Escaped}")).Add(RawTar.File, "app/fine", content: "x").ToArray();
            case "parent in a long name of GNU": return tar.Long(RawTar.LongName, $"app/../../{Escaped}").Add(RawTar.File, "app/fine", content: "x").ToArray();
            case "parent as a folder": return tar.Add(RawTar.Folder, "app/../../").ToArray();
            case "link to an absolute path": return tar.Add(RawTar.SymbolicLink, "app/etc", "/etc").ToArray();
            case "link to the parent": return tar.Add(RawTar.SymbolicLink, "app/up", "../../secret").ToArray();
            case "link outside in a pax record": return tar.Pax(("linkpath", "../../secret")).Add(RawTar.SymbolicLink, "app/up", "server").ToArray();
            case "link outside in a long link of GNU": return tar.Long(RawTar.LongLink, "../../secret").Add(RawTar.SymbolicLink, "app/up", "server").ToArray();
            case "link outside through another link":
                return tar.Add(RawTar.SymbolicLink, "app/a/b", "..").Add(RawTar.SymbolicLink, "app/c", "a/b/../..").ToArray();
            case "link out of the top folder that is stripped": return tar.Add(RawTar.SymbolicLink, "app/up", "..").ToArray();
            case "link without a target": return tar.Add(RawTar.SymbolicLink, "app/none").ToArray();
            case "link in place of a folder with files":
                return tar.Add(RawTar.File, "app/dir/file", content: "x").Add(RawTar.SymbolicLink, "app/dir", "/tmp").ToArray();
            case "hard link to a link": return tar.Add(RawTar.SymbolicLink, "app/l", "/etc/passwd").Add(RawTar.HardLink, "app/p", "app/l").ToArray();
            case "hard link to what comes later": return tar.Add(RawTar.HardLink, "app/early", "app/late").Add(RawTar.File, "app/late", content: "x").ToArray();
            case "file over all of the release": return tar.Add(RawTar.File, "./.", content: "x").ToArray();
            case "links in a circle": return tar.Add(RawTar.SymbolicLink, "app/a", "b").Add(RawTar.SymbolicLink, "app/b", "a").ToArray();
            case "link to a path without end":
                return tar.Long(RawTar.LongLink, string.Concat(Enumerable.Repeat("x/../", 100_000))).Add(RawTar.SymbolicLink, "app/l", "x").ToArray();
            case "file through a link":
                return tar.Add(RawTar.SymbolicLink, "app/dir", "../../..").Add(RawTar.File, "app/dir/secret", content: "overwritten").ToArray();
            case "file through a link that becomes a folder":
                return tar.Add(RawTar.SymbolicLink, "app/dir", "../../..").Add(RawTar.Folder, "app/dir/").Add(RawTar.File, "app/dir/secret", content: "x").ToArray();
            case "file over a link":
                return tar.Add(RawTar.SymbolicLink, "app/x", "../../../secret").Add(RawTar.File, "app/x", content: "overwritten").ToArray();
            case "hard link to an absolute path": return tar.Add(RawTar.HardLink, "app/passwd", "/etc/passwd").ToArray();
            case "hard link to the parent": return tar.Add(RawTar.HardLink, "app/up", "../../../../secret").ToArray();
            case "hard link through a link":
                return tar.Add(RawTar.SymbolicLink, "app/dir", "../..").Add(RawTar.HardLink, "app/s", "app/dir/secret").ToArray();
            case "file twice": return tar.Add(RawTar.File, "app/server", content: "other").ToArray();
            case "file twice by other spelling": return tar.Add(RawTar.File, "./app/.//server", content: "other").ToArray();
            case "file over a folder": return tar.Add(RawTar.File, "app", content: "other").ToArray();
            case "file below a file": return tar.Add(RawTar.File, "app/server/x", content: "other").ToArray();
            case "character device": return tar.Add(RawTar.Device, "app/null").ToArray();
            case "block device": return tar.Add(RawTar.Disk, "app/sda").ToArray();
            case "pipe": return tar.Add(RawTar.Pipe, "app/pipe").ToArray();
            case "part of another volume": return tar.Add(RawTar.Volume, "app/rest").ToArray();
            case "old sparse file": return tar.Add(RawTar.Sparse, "app/sparse").ToArray();
            case "new sparse file":
                return tar.Pax(("GNU.sparse.major", "1"), ("GNU.sparse.name", $"../{Escaped}")).Add(RawTar.File, "app/s", content: "x").ToArray();
            case "NUL in a name": return tar.Pax(("path", "app/a\0b")).Add(RawTar.File, "app/fine", content: "x").ToArray();
            case "name that is not UTF-8": return tar.Add(RawTar.File, NotUtf8, content: "x"u8.ToArray()).ToArray();
            case "name longer than a name can be": return tar.Pax(("path", "app/" + new string('n', 256))).Add(RawTar.File, "x", content: "x").ToArray();
            case "path longer than a path can be":
                return tar.Pax(("path", string.Concat(Enumerable.Repeat("d/", 2100)) + "x")).Add(RawTar.File, "x", content: "x").ToArray();
            case "name of a gigabyte": return tar.Add(RawTar.LongName, "././@LongLink", size: 1 << 30, content: new string('n', 2 << 20)).ToArray();
            case "attributes of a gigabyte": return tar.Add(RawTar.PaxHeader, "pax", size: 1 << 30, content: new string('n', 2 << 20)).ToArray();
            case "size below zero": return Altered(tar.Add(RawTar.File, "app/x", content: "x").ToArray(), "-0000000001");
            case "size that overflows": return Altered(tar.Add(RawTar.File, "app/x", content: "x").ToArray(), "\u0080\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff");
            case "wrong checksum of a header":
                byte[] wrong = tar.Add(RawTar.File, "app/x", content: "x").ToArray();
                wrong[(3 * 512) + 10] ^= 1;
                return wrong;
            case "wrong checksum of a header after a long name":
                byte[] after = tar.Long(RawTar.LongName, "app/" + new string('n', 200)).Add(RawTar.File, "app/x", content: "x").ToArray();
                after[(5 * 512) + 10] ^= 1;
                return after;
            case "header without a checksum, which ends the archive for some readers":
                byte[] without = tar.Add(RawTar.File, "app/x", content: "x").ToArray();
                without.AsSpan((3 * 512) + 148, 8).Clear();
                return without;
            case "content that is not there": return tar.Add(RawTar.File, "app/x", content: "x", size: 1 << 20).ToArray();
            case "bomb in a file": return Gzip(tar.Add(RawTar.File, "app/zeros"u8.ToArray(), content: new byte[200 << 20]).ToArray());
            case "bomb after the end": return Gzip([.. tar.ToArray(), .. new byte[200 << 20]]);
            case "bomb of hard links":
                tar.Add(RawTar.File, "app/big"u8.ToArray(), content: new byte[200_000]);
                for (int i = 0; i < 400; i++)
                {
                    tar.Add(RawTar.HardLink, $"app/l{i}", "app/big");
                }

                return tar.ToArray();
            case "too large a file": return tar.Add(RawTar.File, "app/big"u8.ToArray(), content: new byte[3_000_001]).ToArray();
            case "too many files":
                for (int i = 0; i < 500; i++)
                {
                    tar.Add(RawTar.File, $"app/{i}");
                }

                return tar.ToArray();
            case "too many folders in one name": return tar.Pax(("path", string.Concat(Enumerable.Repeat("d/", 501)) + "x")).Add(RawTar.File, "x").ToArray();
            case "too many comments":
                for (int i = 0; i < 500; i++)
                {
                    tar.Add(RawTar.GlobalHeader, "g", content: "12 comment=\n");
                }

                return tar.Add(RawTar.File, "app/x").ToArray();
            default: throw new ArgumentException(trick);
        }
    }

    private static byte[] Zip(string trick)
    {
        const int link = 0xA1FF, file = 0x81A4;
        RawZip zip = new RawZip().Add("app/server");
        switch (trick)
        {
            case "absolute name": return zip.Add($"/tmp/{Escaped}").ToArray();
            case "parent": return zip.Add($"app/../../../{Escaped}").ToArray();
            case "parent with backslashes": return zip.Add($"..\\..\\{Escaped}").ToArray();
            case "parent behind a drive of Windows": return zip.Add($"C:\\..\\..\\{Escaped}").ToArray();
            case "parent as a folder": return zip.Add("app/../../", "").ToArray();
            case "link to an absolute path": return zip.Add("app/etc", "/etc", link).ToArray();
            case "link to the parent": return zip.Add("app/up", "../../secret", link).ToArray();
            case "link outside through another link": return zip.Add("app/a/b", "..", link).Add("app/c", "a/b/../..", link).ToArray();
            case "file through a link": return zip.Add("app/dir", "../../..", link).Add("app/dir/secret", "overwritten", file).ToArray();
            case "file over a link": return zip.Add("app/x", "../../../secret", link).Add("app/x", "overwritten", file).ToArray();
            case "file twice": return zip.Add("app/server", "other").ToArray();
            case "file below a file": return zip.Add("app/server/x", "other").ToArray();
            case "character device": return zip.Add("app/null", "", 0x21A4).ToArray();
            case "block device": return zip.Add("app/sda", "", 0x61A4).ToArray();
            case "pipe": return zip.Add("app/pipe", "", 0x11A4).ToArray();
            case "socket": return zip.Add("app/socket", "", 0xC1A4).ToArray();
            case "link of megabytes": return zip.Add("app/link", new string('x', 4 << 20), link).ToArray();
            case "encrypted": return zip.Add("app/x", "text", flags: RawZip.Encrypted).ToArray();
            case "NUL in a name": return zip.Add("app/a\0b").ToArray();
            case "name that is not UTF-8": return zip.Add(NotUtf8, "text"u8.ToArray()).ToArray();
            case "name longer than a name can be": return zip.Add("app/" + new string('n', 256)).ToArray();
            case "wrong checksum": return zip.Add("app/x", checksum: 1).ToArray();
            case "more than it says": return zip.Add("app/x", new string('x', 100_000), size: 10).ToArray();
            case "less than it says": return zip.Add("app/x", "text", size: 100_000).ToArray();
            case "bomb": return zip.Add("app/zeros"u8.ToArray(), new byte[200 << 20]).ToArray();
            case "bomb of entries that overlap": return zip.AddOverlapping(400, Encoding.UTF8.GetBytes(new string('x', 100_000))).ToArray();
            case "too large a file": return zip.Add("app/big"u8.ToArray(), new byte[3_000_001]).ToArray();
            case "too many files":
                for (int i = 0; i < 500; i++)
                {
                    zip.Add($"app/{i}", "");
                }

                return zip.ToArray();
            default: throw new ArgumentException(trick);
        }
    }

    /// <summary>Writes a size into the third header, with a checksum that fits.</summary>
    private static byte[] Altered(byte[] tar, string size)
    {
        Span<byte> header = tar.AsSpan(3 * 512, 512);
        Encoding.Latin1.GetBytes(size).CopyTo(header[124..]);
        header.Slice(148, 8).Fill((byte)' ');
        int sum = 0;
        foreach (byte value in header)
        {
            sum += value;
        }

        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(header[148..]);
        return tar;
    }

    private static byte[] Gzip(byte[] content)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Optimal))
        {
            gzip.Write(content);
        }

        return zipped.ToArray();
    }

    private static byte[] Zstd(int zeros)
    {
        byte[] tar = new RawTar().Add(RawTar.File, "app/zeros"u8.ToArray(), content: new byte[zeros]).ToArray();
        using var zipped = new MemoryStream();
        using (var zstd = new ZstdSharp.CompressionStream(zipped))
        {
            zstd.Write(tar);
        }

        return zipped.ToArray();
    }
}
