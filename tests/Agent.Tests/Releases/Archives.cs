using System.Formats.Tar;
using System.IO.Compression;

namespace BlueGreen.Agent.Tests.Releases;

/// <summary>Makes archives, also ones no well-meaning program would.</summary>
internal static class Archives
{
    public const UnixFileMode Executable = TemporaryFolder.Executable;

    public static TarEntry TarFile(string name, string content = "text", UnixFileMode mode = TemporaryFolder.Plain) =>
        new PaxTarEntry(TarEntryType.RegularFile, name)
        {
            DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content)),
            Mode = mode,
            ModificationTime = DateTimeOffset.UnixEpoch.AddDays(1),
        };

    public static TarEntry TarEntry(TarEntryType type, string name, string? target = null)
    {
        var entry = new PaxTarEntry(type, name) { Mode = Executable };
        if (target is not null)
        {
            entry.LinkName = target;
        }

        return entry;
    }

    public static string Tar(this TemporaryFolder folder, string name, params TarEntry[] entries)
    {
        using (var file = File.Create(folder[name]))
        using (var zipped = new GZipStream(file, CompressionLevel.Fastest))
        using (var tar = new TarWriter(zipped))
        {
            foreach (TarEntry entry in entries)
            {
                tar.WriteEntry(entry);
            }
        }

        return folder[name];
    }

    public static string Zip(this TemporaryFolder folder, string name, params (string Name, string Content, int Mode)[] entries)
    {
        using (var file = File.Create(folder[name]))
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create))
        {
            foreach ((string entryName, string content, int mode) in entries)
            {
                ZipArchiveEntry entry = zip.CreateEntry(entryName);
                entry.ExternalAttributes = mode << 16;
                using Stream stream = entry.Open();
                stream.Write(System.Text.Encoding.UTF8.GetBytes(content));
            }
        }

        return folder[name];
    }
}
