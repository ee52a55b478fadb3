using System.Buffers.Binary;
using System.Text;

namespace BlueGreen.Agent.Releases.Commands;

/// <summary>What the first bytes of a file say about running it: ELF as in elf(5), scripts as in execve(2).</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Machine">e_machine of an ELF file, else 0.</param>
/// <param name="Interpreter">
/// A script's interpreter, or the dynamic loader an ELF file asks for. Null where there is none, and for foreign byte orders.
/// </param>
/// <param name="InterpreterArgument">What follows a script's interpreter on its first line; empty where nothing does.</param>
internal sealed record ProgramHeader(
    ProgramKind Kind, ushort Machine = 0, string? Interpreter = null, string InterpreterArgument = "")
{
    private const int LongestHeader = 4096;
    private const int ShortestElf = 64;
    private const uint ProgramInterpreter = 3; // PT_INTERP

    /// <summary>Whether the kernel of this system has a way to start it, on the right machine.</summary>
    public bool IsRunnable => Kind is ProgramKind.Elf or ProgramKind.Script;

    /// <summary>Reads a file's header.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static ProgramHeader Read(string path)
    {
        Span<byte> start = stackalloc byte[LongestHeader];
        using FileStream file = File.OpenRead(path);
        return Parse(start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)]);
    }

    /// <summary>Parses the start of a file.</summary>
    public static ProgramHeader Parse(ReadOnlySpan<byte> start) => start switch
    {
        [0x7f, (byte)'E', (byte)'L', (byte)'F', ..] => ParseElf(start),
        [(byte)'#', (byte)'!', ..] => ParseScript(start[2..]),
        [(byte)'M', (byte)'Z', ..] => new(ProgramKind.Windows),
        [0xcf or 0xce, 0xfa, 0xed, 0xfe, ..] or [0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, < 20, ..] => new(ProgramKind.MacOs),
        _ => new(ProgramKind.Unknown),
    };

    private static ProgramHeader ParseScript(ReadOnlySpan<byte> line)
    {
        int end = line.IndexOf((byte)'\n');
        string text = Encoding.UTF8.GetString(end < 0 ? line : line[..end]).Trim(' ', '\t');
        string interpreter = text.Split([' ', '\t'], 2)[0];
        return new(ProgramKind.Script, Interpreter: interpreter, InterpreterArgument: text[interpreter.Length..].Trim(' ', '\t'));
    }

    private static ProgramHeader ParseElf(ReadOnlySpan<byte> file)
    {
        if (file.Length < ShortestElf)
        {
            return new(ProgramKind.Unknown);
        }

        bool isLittleEndian = file[5] == 1;
        ushort machine = isLittleEndian
            ? BinaryPrimitives.ReadUInt16LittleEndian(file[18..])
            : BinaryPrimitives.ReadUInt16BigEndian(file[18..]);
        bool is64Bit = file[4] == 2;
        return new(ProgramKind.Elf, machine, is64Bit && isLittleEndian ? FindLoader(file) : null);
    }

    private static string? FindLoader(ReadOnlySpan<byte> file)
    {
        ulong table = BinaryPrimitives.ReadUInt64LittleEndian(file[32..]);
        int size = BinaryPrimitives.ReadUInt16LittleEndian(file[54..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(file[56..]);
        for (int i = 0; i < count; i++)
        {
            if (Slice(file, table + (ulong)(i * size), 56) is not { IsEmpty: false } segment)
            {
                return null;
            }

            if (BinaryPrimitives.ReadUInt32LittleEndian(segment) == ProgramInterpreter)
            {
                ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(segment[8..]);
                ulong length = BinaryPrimitives.ReadUInt64LittleEndian(segment[32..]);
                ReadOnlySpan<byte> name = Slice(file, offset, length);
                return name.IsEmpty ? null : Encoding.UTF8.GetString(name.TrimEnd((byte)0));
            }
        }

        return null;
    }

    /// <summary>A part of what was read; empty where it lies behind it.</summary>
    private static ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> file, ulong offset, ulong length) =>
        offset <= (ulong)file.Length && length <= (ulong)file.Length - offset ? file.Slice((int)offset, (int)length) : [];
}
