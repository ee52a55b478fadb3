using System.Buffers;

namespace BlueGreen.Agent.AccessLogs;

/// <summary>Bytes seen as lines, each with the line feed that ends it.</summary>
internal static class WholeLines
{
    private const byte LineFeed = (byte)'\n';

    /// <summary>All up to the last end of a line; nothing where there is none.</summary>
    public static ReadOnlySequence<byte> Of(ReadOnlySequence<byte> bytes)
    {
        long end = 0;
        long before = 0;
        foreach (var part in bytes)
        {
            if (part.Span.LastIndexOf(LineFeed) is >= 0 and var last)
            {
                end = before + last + 1;
            }

            before += part.Length;
        }

        return bytes.Slice(0, end);
    }

    /// <summary>All up to the first end of a line; everything where there is none.</summary>
    public static ReadOnlySequence<byte> FirstOf(ReadOnlySequence<byte> bytes) =>
        bytes.PositionOf(LineFeed) is { } end ? bytes.Slice(0, bytes.GetPosition(1, end)) : bytes;

    /// <summary>How many there are.</summary>
    public static long Count(ReadOnlySequence<byte> bytes)
    {
        long count = 0;
        foreach (var part in bytes)
        {
            count += part.Span.Count(LineFeed);
        }

        return count;
    }
}
