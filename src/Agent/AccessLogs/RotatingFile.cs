using System.Buffers;

namespace BlueGreen.Agent.AccessLogs;

/// <summary>
/// A file that lines are added to, set aside as FILE.1 when it has reached its size, those before as FILE.2 and so on. Used by one thread;
/// its limits can be changed by others.
/// </summary>
internal sealed class RotatingFile(string path)
{
    private volatile FileLimits _limits = new(0, 0);
    private AppendOnlyFile? _file;
    private string? _complaint;
    private bool _growsOn;

    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>How much is kept.</summary>
    public FileLimits Limits
    {
        get => _limits;
        set => _limits = value;
    }

    /// <summary>Opens it, with its folder made where there is none; nothing happens when it is open.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">Its folder cannot be made.</exception>
    public void Open()
    {
        if (_file is null)
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path) ?? path);
            _file = AppendOnlyFile.Open(path);
            _growsOn = false;
        }
    }

    /// <summary>Closes it; the next line opens it anew.</summary>
    public void Close()
    {
        _file?.Dispose();
        _file = null;
    }

    /// <summary>Adds the first of these lines, or a part of them, in one write.</summary>
    /// <returns>How many bytes were written; 0 where the file was set aside instead.</returns>
    /// <exception cref="IOException">The disk takes none, or the file cannot be opened.</exception>
    public int Append(ReadOnlySequence<byte> lines)
    {
        Open();
        var fitting = Fitting(lines);
        if (!fitting.IsEmpty)
        {
            return _file!.Append(fitting.FirstSpan);
        }

        SetAside();
        return 0;
    }

    /// <summary>Why it could not be set aside, once; it then grows on until it is opened again. Null: it could.</summary>
    public string? TakeComplaint()
    {
        (var complaint, _complaint) = (_complaint, null);
        return complaint;
    }

    /// <summary>As many of the lines, and whole ones, as the file may still take; none when it is to be set aside before.</summary>
    private ReadOnlySequence<byte> Fitting(ReadOnlySequence<byte> lines)
    {
        if (_limits.Size == 0 || _growsOn || _file!.Length is not { } length || length + lines.Length <= _limits.Size)
        {
            return lines;
        }

        var fitting = WholeLines.Of(lines.Slice(0, Math.Clamp(_limits.Size - length, 0, lines.Length)));
        // A line longer than a file may be has one for itself.
        return fitting.IsEmpty && length == 0 ? WholeLines.FirstOf(lines) : fitting;
    }

    private void SetAside()
    {
        try
        {
            // Where it is gone, somebody else has just moved it away: then there is nothing but to open it anew.
            if (File.Exists(path))
            {
                Shift(_limits.Keep);
            }

            Close();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Rather a file that is too large than lines that are lost.
            _growsOn = true;
            _complaint = e.Message;
        }
    }

    private void Shift(int keep)
    {
        // Further ones too: there are some when fewer are kept than before.
        for (var number = Math.Max(1, keep); File.Exists(Numbered(number)); number++)
        {
            File.Delete(Numbered(number));
        }

        if (keep == 0)
        {
            File.Delete(path);
            return;
        }

        for (var number = keep - 1; number >= 1; number--)
        {
            if (File.Exists(Numbered(number)))
            {
                File.Move(Numbered(number), Numbered(number + 1));
            }
        }

        File.Move(path, Numbered(1));
    }

    private string Numbered(int number) => $"{path}.{number}";
}
