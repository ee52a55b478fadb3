using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace BlueGreen.Agent.Tests.Releases;

/// <summary>A zip archive byte by byte (APPNOTE 4.3).</summary>
internal sealed class RawZip
{
    private const ushort MadeOnUnix = 0x0314, Deflate = 8, Utf8Name = 0x0800;

    public const ushort Encrypted = 1;

    private readonly MemoryStream _files = new();
    private readonly MemoryStream _directory = new();
    private int _count;

    /// <summary>An entry.</summary>
    /// <param name="name">Its name's bytes.</param>
    /// <param name="content">What it unpacks to.</param>
    /// <param name="mode">st_mode, or 0.</param>
    /// <param name="flags">Bits besides that of UTF-8 names.</param>
    /// <param name="size">What it says it unpacks to.</param>
    /// <param name="checksum">What it says its CRC-32 is.</param>
    public RawZip Add(byte[] name, byte[] content, int mode = 0, ushort flags = 0, uint? size = null, uint? checksum = null)
    {
        byte[] packed = Pack(content);
        var at = (uint)_files.Length;
        uint crc = checksum ?? Crc32.HashToUInt32(content);
        uint length = size ?? (uint)content.Length;
        Write(_files, 0x04034b50u, (ushort)20, (ushort)(flags | Utf8Name), Deflate, 0u, crc, (uint)packed.Length, length, (ushort)name.Length, (ushort)0);
        _files.Write(name);
        _files.Write(packed);
        Describe(name, mode, flags, crc, (uint)packed.Length, length, at);
        return this;
    }

    public RawZip Add(string name, string content = "text", int mode = 0, ushort flags = 0, uint? size = null, uint? checksum = null) =>
        Add(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(content), mode, flags, size, checksum);

    /// <summary>One piece of compressed data that many entries are said to have.</summary>
    public RawZip AddOverlapping(int entries, byte[] content)
    {
        byte[] packed = Pack(content);
        uint crc = Crc32.HashToUInt32(content);
        var at = (uint)_files.Length;
        Write(_files, 0x04034b50u, (ushort)20, Utf8Name, Deflate, 0u, crc, (uint)packed.Length, (uint)content.Length, (ushort)1, (ushort)0);
        _files.Write("x"u8);
        _files.Write(packed);
        for (int i = 0; i < entries; i++)
        {
            Describe(Encoding.UTF8.GetBytes($"x{i}"), 0, 0, crc, (uint)packed.Length, (uint)content.Length, at);
        }

        return this;
    }

    public byte[] ToArray()
    {
        using var whole = new MemoryStream();
        _files.WriteTo(whole);
        _directory.WriteTo(whole);
        Write(whole, 0x06054b50u, (ushort)0, (ushort)0, (ushort)_count, (ushort)_count, (uint)_directory.Length, (uint)_files.Length, (ushort)0);
        return whole.ToArray();
    }

    private void Describe(byte[] name, int mode, ushort flags, uint crc, uint packed, uint length, uint at)
    {
        Write(
            _directory, 0x02014b50u, MadeOnUnix, (ushort)20, (ushort)(flags | Utf8Name), Deflate, 0u, crc, packed, length,
            (ushort)name.Length, (ushort)0, (ushort)0, (ushort)0, (ushort)0, (uint)mode << 16, at);
        _directory.Write(name);
        _count++;
    }

    private static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal))
        {
            deflate.Write(content);
        }

        return packed.ToArray();
    }

    /// <summary>Little-endian, as all of zip is.</summary>
    private static void Write(Stream to, params object[] fields)
    {
        using var writer = new BinaryWriter(to, Encoding.UTF8, leaveOpen: true);
        foreach (object field in fields)
        {
            if (field is ushort two)
            {
                writer.Write(two);
            }
            else
            {
                writer.Write((uint)field);
            }
        }
    }
}
