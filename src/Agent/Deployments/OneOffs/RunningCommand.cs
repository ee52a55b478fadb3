using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using BlueGreen.Agent.Control.Contracts;
using BlueGreen.Agent.Releases;
using BlueGreen.Agent.Workers;

namespace BlueGreen.Agent.Deployments.OneOffs;

/// <summary>
/// Something that somebody runs once from a release, from its beginning on. Its runner alone starts it and sees its end; anybody may
/// stop it, and one reader follows what it prints.
/// </summary>
/// <param name="app">The name of its app.</param>
/// <param name="release">The release it is run from.</param>
/// <param name="number">Tells it from all others of the app that run, or are still read, at the same time; from 1 on.</param>
/// <param name="request">What was asked for.</param>
/// <param name="line">Its command line.</param>
/// <param name="time">The clock.</param>
internal sealed class RunningCommand(string app, Release release, int number, RunOnceRequest request, string line, TimeProvider time)
{
    /// <summary>What it finds in BLUEGREEN_TASK.</summary>
    public const string TaskName = "run-once";

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<RunOnceEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _read = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _started = time.GetTimestamp();
    private string? _reason;

    /// <summary>Tells it from all others, as the id of a worker does. No process type has a '+' in its name, so no worker has this one.</summary>
    public string Id { get; } = string.Create(CultureInfo.InvariantCulture, $"{app}.{release.Number}.{PlaceOf(number)}");

    /// <summary>The release it is run from.</summary>
    public Release Release { get; } = release;

    /// <summary>Tells it from all others of the app that run at the same time.</summary>
    public int Number { get; } = number;

    /// <summary>What was asked for.</summary>
    public RunOnceRequest Request { get; } = request;

    /// <summary>Its command line.</summary>
    public string Line { get; } = line;

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    /// <summary>Its pid, once it is started.</summary>
    public int Pid { get; set; }

    /// <summary>What it prints.</summary>
    public required LogFollower Output { get; init; }

    /// <summary>Completes with its end.</summary>
    public Task<RunOnceEnd> Ended => _ended.Task;

    /// <summary>Completes when nobody reads what it prints any more.</summary>
    public Task Read => _read.Task;

    /// <summary>Cancelled when it is to end.</summary>
    public CancellationToken Stopped => _stop.Token;

    /// <summary>Why it was to end, where somebody said so.</summary>
    public string? Reason => _reason;

    /// <summary>The last part of the name of its log.</summary>
    public static string PlaceOf(int number) => string.Create(CultureInfo.InvariantCulture, $"once+{number}");

    /// <summary>Ends it: SIGTERM, its grace, SIGKILL. Returns at once.</summary>
    /// <param name="reason">See <see cref="RunOnceEnd.Reason"/>.</param>
    public void Stop(string reason)
    {
        Interlocked.CompareExchange(ref _reason, reason, null);
        // Elsewhere: what waits for it runs on in the call that cancels.
        _ = _stop.CancelAsync();
    }

    /// <summary>It has ended.</summary>
    public void End(RunOnceEnd end) => _ended.SetResult(end);

    /// <summary>Nobody reads what it prints: not any more, or never.</summary>
    public void Leave() => _read.TrySetResult();

    /// <summary>The first of its events.</summary>
    public RunOnceEvent Started => NewEvent("started") with { Process = Request.Process, Command = Line, Pid = Pid };

    /// <summary>All that is told of it: that it runs, what it prints as it comes, how it ends. For one reader, once.</summary>
    public async IAsyncEnumerable<RunOnceEvent> ReadEventsAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        yield return Started;
        // A character may come in pieces.
        var decoder = Encoding.UTF8.GetDecoder();
        await foreach (var piece in Output.ReadUntilAsync(Ended, wholeLines: false, time, cancel))
        {
            if (Text(piece) is { Length: > 0 } text)
            {
                yield return NewEvent("output") with { Text = text };
            }
        }

        var end = await Ended;
        yield return NewEvent("ended") with { ExitCode = end.Exit?.Status, Reason = end.Reason };

        string Text(byte[] piece)
        {
            var characters = new char[decoder.GetCharCount(piece, flush: false)];
            return new string(characters, 0, decoder.GetChars(piece, characters, flush: false));
        }
    }

    private RunOnceEvent NewEvent(string name) => new()
    {
        Event = name,
        App = app,
        Release = Release.Number,
        Id = Id,
        At = time.GetUtcNow(),
        ElapsedMs = (long)time.GetElapsedTime(_started).TotalMilliseconds,
    };
}
