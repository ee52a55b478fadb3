using BlueGreen.Agent.Releases;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace BlueGreen.Agent.Tests.Releases;

/// <summary>What holds of every archive, whatever is in it.</summary>
public sealed class ArchivePropertyTests : IDisposable
{
    private readonly StoreFixture _fixture = new();

    /// <summary>An entry of an archive. Names are made of few steps, so that entries meet each other often.</summary>
    public sealed record Entry(char Kind, string Name, string Target);

    public static class Entries
    {
        private static readonly Gen<string> AnyPath =
            from steps in Gen.Elements("a", "b", "..", ".", "", "releases", "secret").NonEmptyListOf()
            select string.Join('/', steps.Take(5));

        public static Arbitrary<Entry[]> Any() => (
            from kind in Gen.Elements(RawTar.File, RawTar.Folder, RawTar.SymbolicLink, RawTar.HardLink)
            from name in AnyPath
            from target in AnyPath
            select new Entry(kind, name, target)).ArrayOf().ToArbitrary();
    }

    [Property(MaxTest = 500, Arbitrary = [typeof(Entries)])]
    public async Task No_archive_writes_outside_or_leaves_anything_in_the_store(Entry[] entries)
    {
        _fixture.Folder.Write("secret", "outside");
        foreach (string archive in (string[])[_fixture.Folder.Write("some.tar", Tar(entries)), _fixture.Folder.Write("some.zip", Zip(entries))])
        {
            string[] before = Beside();
            try
            {
                using StagedRelease staged = await _fixture.Stage(archive, CancellationToken.None);
                Assert.Equal(before, Beside());
                Assert.All(LinksBelow(staged.Directory), target => Assert.StartsWith(staged.Directory + "/", target + "/"));
            }
            catch (ReleaseException)
            {
                // Most of them are refused.
            }

            Assert.Equal(before, Beside());
            Assert.Empty(_fixture.StoredNames);
            Assert.Equal("outside", await File.ReadAllTextAsync(_fixture.Folder["secret"]));
        }
    }

    public void Dispose() => _fixture.Dispose();

    private static byte[] Tar(Entry[] entries)
    {
        var tar = new RawTar();
        foreach (Entry entry in entries)
        {
            tar.Add(entry.Kind, entry.Name, entry.Kind is RawTar.SymbolicLink or RawTar.HardLink ? entry.Target : "", entry.Kind == RawTar.File ? "x" : null);
        }

        return tar.ToArray();
    }

    /// <summary>The same without hard links, which zip does not know.</summary>
    private static byte[] Zip(Entry[] entries)
    {
        var zip = new RawZip();
        foreach (Entry entry in entries.Where(entry => entry.Kind != RawTar.HardLink))
        {
            _ = entry.Kind switch
            {
                RawTar.Folder => zip.Add(entry.Name + "/", "", 0x41ED),
                RawTar.SymbolicLink => zip.Add(entry.Name, entry.Target, 0xA1FF),
                _ => zip.Add(entry.Name, "x", 0x81A4),
            };
        }

        return zip.ToArray();
    }

    /// <summary>All but the store.</summary>
    private string[] Beside() => [.. _fixture.Folder.Tree().Where(path => !path.StartsWith("releases", StringComparison.Ordinal))];

    /// <summary>Where the links below a folder lead in the end.</summary>
    private static IEnumerable<string> LinksBelow(string folder) =>
        from path in Directory.EnumerateFileSystemEntries(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
        let file = new FileInfo(path)
        where file.LinkTarget is not null
        select file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
}
