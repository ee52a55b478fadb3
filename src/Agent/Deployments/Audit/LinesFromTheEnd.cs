using System.Collections;
using System.Text;

namespace BlueGreen.Agent.Deployments.Audit;

/// <summary>The lines of a file, the last one first, read as far as they are asked for. None where there is no file.</summary>
internal sealed class LinesFromTheEnd(string path) : IEnumerable<string>
{
    private const int BlockBytes = 64 * 1024;

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator()
    {
        if (!File.Exists(path))
        {
            yield break;
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] rest = [];
        for (var end = file.Length; end > 0;)
        {
            var block = new byte[Math.Min(BlockBytes, end)];
            end -= block.Length;
            file.Position = end;
            file.ReadExactly(block);
            byte[] text = [.. block, .. rest];
            // What comes before the first line end may have begun in the block before.
            var first = end == 0 ? 0 : text.AsSpan().IndexOf((byte)'\n') + 1;
            if (first == 0 && end > 0)
            {
                rest = text;
                continue;
            }

            rest = text[..first];
            foreach (var line in Encoding.UTF8.GetString(text, first, text.Length - first).Split('\n', StringSplitOptions.RemoveEmptyEntries).Reverse())
            {
                yield return line;
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
