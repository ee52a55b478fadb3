using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.State;

/// <summary>
/// Owns DIR/state.json. Every change is a whole new file: written beside, flushed to disk, renamed over; the copy before it stays as
/// state.json.previous. So a crash at any moment leaves a complete file under one of the two names. Thread-safe.
/// </summary>
internal sealed class StateFile
{
    private readonly Lock _writing = new();
    private readonly string _directory;
    private readonly string _path;
    private readonly string _previous;
    private FrontState _current;
    private bool _damaged;

    private StateFile(string directory, ILogger logger)
    {
        _directory = directory;
        _path = Path.Combine(directory, "state.json");
        _previous = _path + ".previous";
        _current = Load(logger);
    }

    /// <summary>What was last written.</summary>
    public FrontState Current => Volatile.Read(ref _current);

    /// <summary>Reads the state of a folder: the file, else its previous copy, else an empty one. Says loudly what was lost.</summary>
    /// <exception cref="StateException">A newer version of this program wrote it.</exception>
    public static StateFile Open(string directory, ILogger logger) => new(directory, logger);

    /// <summary>Writes down a change before it is acted on. Returns when it is on the disk.</summary>
    /// <exception cref="StateException">It could not be written; nothing has changed.</exception>
    public void Update(Func<FrontState, FrontState> change)
    {
        lock (_writing)
        {
            var next = change(_current);
            if (ReferenceEquals(next, _current))
            {
                return;
            }

            try
            {
                Write(next);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new StateException($"cannot write {_path}: {e.Message}", e);
            }

            Volatile.Write(ref _current, next);
        }
    }

    /// <summary>Writes down a change of one app.</summary>
    /// <exception cref="StateException">It could not be written; nothing has changed.</exception>
    public void Update(string app, Func<AppState, AppState> change) => Update(state =>
    {
        var before = state.App(app);
        var after = change(before);
        return ReferenceEquals(after, before) ? state : state with { Apps = state.Apps.SetItem(app, after) };
    });

    private void Write(FrontState state)
    {
        var temporary = _path + ".tmp";
        // One that a crash left would keep its mode.
        File.Delete(temporary);
        using (var file = new FileStream(temporary, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            JsonSerializer.Serialize(file, state, StateJson.Default.FrontState);
            file.Flush(flushToDisk: true);
        }

        if (File.Exists(_path) && !_damaged)
        {
            // A second name for the old file, so that at no moment there is none.
            File.Delete(_previous);
            DurableFile.AddName(_path, _previous);
        }

        File.Move(temporary, _path, overwrite: true);
        _damaged = false;
        DurableFile.FlushDirectory(_directory);
    }

    private FrontState Load(ILogger logger)
    {
        if (!File.Exists(_path) && !File.Exists(_previous))
        {
            return new FrontState();
        }

        foreach (var path in new[] { _path, _previous })
        {
            try
            {
                using var file = File.OpenRead(path);
                using var document = JsonDocument.Parse(file);
                CheckVersion(path, document.RootElement);
                if (document.Deserialize(StateJson.Default.FrontState) is { } state)
                {
                    return state;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
            {
                logger.LogError("Cannot read the state in {Path}: {Reason}", path, e.Message);
                // What cannot be read must not take the place of the copy that can.
                _damaged |= path == _path && e is JsonException;
            }
        }

        logger.LogError("The state is lost: neither {Path} nor its previous copy can be read; starting with an empty one", _path);
        return new FrontState();
    }

    // Looked at before the rest, which in another format may well be unreadable.
    private static void CheckVersion(string path, JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Object
            && root.TryGetProperty("version", out var text) && text.TryGetInt32(out var version) && version > FrontState.CurrentVersion)
        {
            throw new StateException(
                $"{path} was written by a newer version of bluegreen (format {version}, this one knows {FrontState.CurrentVersion}); install that version again");
        }
    }
}
