using System.Text;

namespace BlueGreen.Agent.Workers;

/// <summary>What stands in a log, as text.</summary>
internal static class LogText
{
    /// <summary>The lines of a piece of it, without their ends.</summary>
    public static IEnumerable<string> Lines(byte[] piece)
    {
        var text = Encoding.UTF8.GetString(piece);
        return (text.EndsWith('\n') ? text[..^1] : text).Split('\n').Select(line => line.TrimEnd('\r'));
    }
}
