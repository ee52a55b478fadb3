using System.Text.Json;

namespace BlueGreen.Harness;

/// <summary>One line of <c>deploy --json</c>.</summary>
/// <param name="Name">Its <c>event</c>.</param>
/// <param name="At">When this process read it: a <c>Stopwatch.GetTimestamp()</c>.</param>
/// <param name="Json">All of it.</param>
public sealed record ToldEvent(string Name, long At, JsonElement Json)
{
    /// <summary>The release's number.</summary>
    public int Release => Number("release");

    /// <summary>Reads a line.</summary>
    public static ToldEvent Parse(OutputLine line)
    {
        using var document = JsonDocument.Parse(line.Text);
        var json = document.RootElement.Clone();
        return new ToldEvent(json.GetProperty("event").GetString()!, line.At, json);
    }

    /// <summary>A field that holds a number.</summary>
    public int Number(string field) => Json.GetProperty(field).GetInt32();

    /// <summary>A field that holds a text.</summary>
    public string Text(string field) => Json.GetProperty(field).GetString()!;

    /// <summary>A field that holds lines, as one text; empty where it is missing.</summary>
    public string Joined(string field) => Json.TryGetProperty(field, out var lines)
        ? string.Join('\n', lines.EnumerateArray().Select(line => line.GetString()))
        : "";
}
