using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.State;

/// <summary>
/// Owns DIR/state.json. Every change is a whole new file: written beside, flushed to disk, renamed over; the copy before it stays as
/// state.json.previous. So a crash at any moment leaves a complete file under one of the two names. What is damaged all the same costs
/// no more than it must: an app is taken from the previous copy where it is whole there, else it alone is lost. Thread-safe.
/// </summary>
internal sealed class StateFile
{
    private static readonly FileStreamOptions NewFile = new()
    {
        Mode = FileMode.Create,
        Access = FileAccess.Write,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    };

    private readonly Lock _writing = new();
    private readonly ILogger _logger;
    private readonly string _directory;
    private readonly string _path;
    private readonly string _previous;
    private FrontState _current;

    /// <summary>The file is whole. One that is not must not take the place of the previous copy.</summary>
    private bool _isWhole;

    private StateFile(string directory, ILogger logger)
    {
        _logger = logger;
        _directory = directory;
        _path = Path.Combine(directory, "state.json");
        _previous = _path + ".previous";
        (_current, Loss, _isWhole) = new StateLoader(_path, _previous, logger).Load();
    }

    /// <summary>What was last written.</summary>
    public FrontState Current => Volatile.Read(ref _current);

    /// <summary>What could not be read at the start.</summary>
    public StateLoss Loss { get; }

    /// <summary>
    /// Reads the state of a folder: the file, what is damaged in it from its previous copy, else nothing. Says loudly what was lost.
    /// Whatever is in the two files, it does not fail.
    /// </summary>
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
            // .NET reports a file beyond the limit of its size (RLIMIT_FSIZE, EFBIG) as an argument out of range.
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
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
        return ReferenceEquals(after, before) ? state : state with { Apps = state.Apps.SetItem(app, AppStateCheck.WithCounters(after)) };
    });

    /// <summary>
    /// The same where things go on although the disk does not: what serves serves on, and the next change is written down again. A failure
    /// is logged.
    /// </summary>
    public void TryUpdate(string app, Func<AppState, AppState> change)
    {
        try
        {
            Update(app, change);
        }
        catch (StateException e)
        {
            _logger.LogError("{Reason}", e.Message);
        }
    }

    private void Write(FrontState state)
    {
        var temporary = _path + ".tmp";
        try
        {
            // One that a crash left would keep its mode.
            File.Delete(temporary);
            using (var file = new FileStream(temporary, NewFile))
            {
                JsonSerializer.Serialize(file, state, StateJson.Default.FrontState);
                file.Flush(flushToDisk: true);
            }

            KeepPrevious();
            File.Move(temporary, _path, overwrite: true);
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }

        _isWhole = true;
        FlushDirectory();
    }

    private void KeepPrevious()
    {
        if (!_isWhole || !File.Exists(_path))
        {
            return;
        }

        if (Directory.Exists(_previous))
        {
            DamagedFile.Keep(_previous, _path, _logger);
        }

        // A second name for the old file, so that at no moment there is none.
        File.Delete(_previous);
        DurableFile.AddName(_path, _previous);
    }

    private void FlushDirectory()
    {
        try
        {
            DurableFile.FlushDirectory(_directory);
        }
        catch (IOException e)
        {
            // The change is in its place, and whoever reads now reads it: it would be wrong to say that nothing has changed.
            _logger.LogError("{Path} is written, but a power cut could undo it: {Reason}", _path, e.Message);
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next change tries again.
        }
    }
}
