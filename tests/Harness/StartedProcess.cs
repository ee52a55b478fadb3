using System.Diagnostics;

namespace BlueGreen.Harness;

/// <summary>A process of a test, with every line it prints. Disposing it kills it if it still runs.</summary>
public sealed class StartedProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly List<OutputLine> _lines = [];
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private StartedProcess(Process process)
    {
        _process = process;
        Pid = process.Id;
        Exited = WatchAsync();
    }

    /// <summary>Its process id.</summary>
    public int Pid { get; }

    /// <summary>Completes with the exit code when it has ended and its output is read.</summary>
    public Task<int> Exited { get; }

    /// <summary>The lines so far, of standard output and standard error, as they came.</summary>
    public IReadOnlyList<OutputLine> Lines
    {
        get
        {
            lock (_gate)
                return [.. _lines];
        }
    }

    /// <summary>Starts a program.</summary>
    /// <param name="program">Its path, or a name found in PATH.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="directory">Its working folder.</param>
    /// <param name="environment">Added to this process's own.</param>
    public static StartedProcess Start(
        string program, IEnumerable<string> arguments, string directory, IReadOnlyDictionary<string, string>? environment = null)
    {
        // A shell that starts the tests in the background has SIGINT ignored, and what is ignored is inherited.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", program, .. arguments])
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_ROOT"] = Programs.DotnetRoot;
        start.Environment.Remove("BLUEGREEN_STATE");
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new StartedProcess(process);
    }

    /// <summary>Sends a signal, by its number on Linux, unless it has ended.</summary>
    public void Signal(int signal)
    {
        if (!_process.HasExited)
            ProcessTable.Signal(Pid, signal);
    }

    /// <summary>Completes with the first line, printed already or later, that matches.</summary>
    /// <exception cref="InvalidOperationException">It ended without such a line.</exception>
    public async Task<OutputLine> WaitForLineAsync(Predicate<string> matches)
    {
        for (var next = 0; ;)
        {
            Task news;
            lock (_gate)
            {
                for (; next < _lines.Count; next++)
                    if (matches(_lines[next].Text))
                        return _lines[next];
                if (Exited is { IsCompleted: true })
                    throw new InvalidOperationException($"It ended with code {Exited.Result} before the line that was waited for:\n{this}");
                news = _news.Task;
            }
            await Task.WhenAny(news, Exited).WaitAsync(TimeLimit.Token);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!Exited.IsCompleted)
        {
            Signal(Signals.Kill);
            await Exited;
        }
        _process.Dispose();
    }

    /// <summary>Everything it printed.</summary>
    public override string ToString() => string.Join('\n', Lines.Select(line => line.Text));

    private async Task<int> WatchAsync()
    {
        var output = ReadAsync(_process.StandardOutput, isError: false);
        var errors = ReadAsync(_process.StandardError, isError: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        await Task.WhenAll(output, errors);
        return _process.ExitCode;
    }

    private async Task ReadAsync(StreamReader reader, bool isError)
    {
        await Task.Yield();
        while (await reader.ReadLineAsync() is { } text)
        {
            var line = new OutputLine(text, Stopwatch.GetTimestamp(), isError);
            TaskCompletionSource news;
            lock (_gate)
            {
                _lines.Add(line);
                (news, _news) = (_news, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }
            news.SetResult();
        }
    }
}
