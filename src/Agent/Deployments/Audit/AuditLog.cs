using System.Text.Json;
using BlueGreen.Agent.Control.Contracts;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments.Audit;

/// <summary>
/// The file DIR/audit.jsonl: a line for each deployment that has ended. Lines are only added, and the file is never cut: a deployment
/// adds about half a kilobyte. It is opened for each line, so it may be moved away at any time. Thread-safe.
/// </summary>
internal sealed class AuditLog(string path, ILogger<AuditLog> logger)
{
    private const byte LineEnd = (byte)'\n';

    private static readonly FileStreamOptions Adding = new()
    {
        Mode = FileMode.OpenOrCreate,
        Access = FileAccess.ReadWrite,
        Share = FileShare.ReadWrite | FileShare.Delete,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    };

    private readonly Lock _writing = new();

    /// <summary>Adds a line. Where that fails, on a full disk for example, the log of the front has what would be in it.</summary>
    public void Add(DeploymentRecord record)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(record, ControlJson.Lines.DeploymentRecord);
        try
        {
            lock (_writing)
            {
                Write(line);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            // The last one: a file beyond the limit of its size (RLIMIT_FSIZE).
            logger.LogWarning("The deployment {Record} is missing in {Path}: {Reason}", System.Text.Encoding.UTF8.GetString(line), path, e.Message);
        }
    }

    /// <summary>The last records, oldest first. Lines that are none are left out.</summary>
    /// <param name="count">How many.</param>
    /// <param name="app">Only those of this app; null: of all.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be read.</exception>
    public IReadOnlyList<DeploymentRecord> Last(int count, string? app = null) =>
        [.. new LinesFromTheEnd(path).Select(Read).OfType<DeploymentRecord>().Where(record => app is null || record.App == app).Take(count).Reverse()];

    private void Write(byte[] line)
    {
        using var file = new FileStream(path, Adding);
        var end = file.Length;
        // What a full disk or a crash has left of an earlier line ends here.
        var torn = end > 0 && LastByte(file) != LineEnd;
        try
        {
            file.Position = end;
            file.Write([.. torn ? [LineEnd] : Array.Empty<byte>(), .. line, LineEnd]);
            file.Flush(flushToDisk: true);
        }
        catch
        {
            file.SetLength(end);
            throw;
        }
    }

    private static int LastByte(FileStream file)
    {
        file.Position = file.Length - 1;
        return file.ReadByte();
    }

    private static DeploymentRecord? Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, ControlJson.Lines.DeploymentRecord);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
