using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace BlueGreen.Agent.Tests.Releases;

/// <summary>A tar archive byte by byte (POSIX pax, "ustar Interchange Format"): no library would write most of what tests need.</summary>
internal sealed class RawTar
{
    /// <summary>The user and group that everything belongs to; nobody here has this number.</summary>
    public const int Owner = 54321;

    private const int Block = 512;

    private readonly MemoryStream _bytes = new();

    public const char File = '0', HardLink = '1', SymbolicLink = '2', Device = '3', Disk = '4', Folder = '5', Pipe = '6', Reserved = '7';

    public const char PaxHeader = 'x', GlobalHeader = 'g', LongName = 'L', LongLink = 'K', Sparse = 'S', Volume = 'M';

    /// <summary>A header and its content.</summary>
    public RawTar Add(char type, byte[] name, string target = "", byte[]? content = null, string prefix = "", int mode = 0x1FF, long? size = null)
    {
        byte[] header = new byte[Block];
        name.AsSpan(0, Math.Min(name.Length, 100)).CopyTo(header);
        Put(header, 100, Octal(mode, 7));
        Put(header, 108, Octal(Owner, 7));
        Put(header, 116, Octal(Owner, 7));
        Put(header, 124, Octal(size ?? content?.Length ?? 0, 11));
        Put(header, 136, Octal(0, 11));
        Put(header, 148, "        ");
        header[156] = (byte)type;
        Put(header, 157, target);
        Put(header, 257, "ustar\0" + "00");
        Put(header, 345, prefix);
        Put(header, 148, Octal(header.Sum(value => value), 6) + "\0 ");
        _bytes.Write(header);
        _bytes.Write(content);
        _bytes.Write(new byte[(Block - (_bytes.Length % Block)) % Block]);
        return this;
    }

    public RawTar Add(char type, string name, string target = "", string? content = null, string prefix = "", int mode = 0x1FF, long? size = null) =>
        Add(type, Encoding.UTF8.GetBytes(name), target, content is null ? null : Encoding.UTF8.GetBytes(content), prefix, mode, size);

    /// <summary>A header for the next entry with records KEY=VALUE.</summary>
    public RawTar Pax(params (string Key, string Value)[] records) => Add(PaxHeader, "pax", content: string.Concat(records.Select(Record)));

    /// <summary>GNU's header for a name or link of any length.</summary>
    public RawTar Long(char type, string text) => Add(type, "././@LongLink", content: text + "\0");

    /// <summary>The bytes with the two blocks that end an archive.</summary>
    public byte[] ToArray() => [.. _bytes.ToArray(), .. new byte[2 * Block]];

    public byte[] ToGzip()
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Optimal))
        {
            gzip.Write(ToArray());
        }

        return zipped.ToArray();
    }

    private static string Record((string Key, string Value) record)
    {
        string rest = $" {record.Key}={record.Value}\n";
        int bytes = Encoding.UTF8.GetByteCount(rest);
        int length = bytes + 1;
        while (length != bytes + length.ToString(CultureInfo.InvariantCulture).Length)
        {
            length++;
        }

        return length.ToString(CultureInfo.InvariantCulture) + rest;
    }

    private static string Octal(long value, int digits) => Convert.ToString(value, 8).PadLeft(digits, '0');

    private static void Put(byte[] header, int at, string text) => Encoding.Latin1.GetBytes(text).CopyTo(header, at);
}
