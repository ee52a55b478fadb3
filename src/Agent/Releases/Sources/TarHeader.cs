namespace BlueGreen.Agent.Releases.Sources;

/// <summary>What is looked at in a header of a tar archive besides what its reader does (POSIX pax, "ustar Interchange Format").</summary>
internal static class TarHeader
{
    /// <summary>Headers have this many bytes, and begin at multiples of it.</summary>
    public const int Length = 512;

    private const int SizeAt = 124;
    private const int SizeLength = 12;
    private const int ChecksumAt = 148;
    private const int ChecksumLength = 8;
    private const int TypeAt = 156;

    /// <summary>Whether the checksum is right, which old archives without the word ustar have too. Nothing but zeros is the end of an archive.</summary>
    public static bool IsRight(ReadOnlySpan<byte> header)
    {
        if (!header.ContainsAnyExcept((byte)0))
        {
            return true;
        }

        int sum = ChecksumLength * ' '; // its own field counts as blanks
        for (int i = 0; i < header.Length; i++)
        {
            sum += i is >= ChecksumAt and < ChecksumAt + ChecksumLength ? 0 : header[i];
        }

        return Octal(header.Slice(ChecksumAt, ChecksumLength)) == sum;
    }

    /// <summary>
    /// The bytes up to the next header, where this one only describes it: attributes of pax, long names of GNU. Null: content follows.
    /// </summary>
    public static long? DescriptionLength(ReadOnlySpan<byte> header) => header[TypeAt] is (byte)'x' or (byte)'g' or (byte)'L' or (byte)'K'
        ? Length + ((Octal(header.Slice(SizeAt, SizeLength)) + Length - 1) / Length * Length)
        : null;

    private static long Octal(ReadOnlySpan<byte> field)
    {
        long value = 0;
        foreach (byte digit in field.TrimStart((byte)' '))
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                break;
            }

            value = (value * 8) + digit - '0';
        }

        return value;
    }
}
