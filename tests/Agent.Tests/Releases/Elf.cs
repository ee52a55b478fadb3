using System.Buffers.Binary;
using System.Text;
using BlueGreen.Agent.Releases.Commands;

namespace BlueGreen.Agent.Tests.Releases;

/// <summary>Makes the start of an ELF file: enough to be looked at, nothing to run.</summary>
internal static class Elf
{
    public static byte[] Program(int? machine = null, string? loader = null)
    {
        byte[] file = new byte[256];
        "\u007fELF"u8.CopyTo(file);
        file[4] = 2; // 64 bits
        file[5] = 1; // little endian
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(18), (ushort)(machine ?? Machine.This));
        if (loader is not null)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(32), 64); // one program header, at 64
            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(54), 56);
            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(56), 1);
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(64), 3);
            BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(72), 128);
            BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(96), (ulong)loader.Length + 1);
            Encoding.UTF8.GetBytes(loader).CopyTo(file, 128);
        }

        return file;
    }
}
