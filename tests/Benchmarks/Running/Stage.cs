using System.Diagnostics;
using BlueGreen.Benchmarks.Subjects;

namespace BlueGreen.Benchmarks.Running;

/// <summary>Everything that runs during the measurements: the app, and every proxy before it. Disposing it ends all of that.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private readonly Backends _backends;
    private readonly StageOptions _options;
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly List<Subject> _subjects = [];
    private Topology? _topology;

    private Stage(Backends backends, StageOptions options)
    {
        _backends = backends;
        _options = options;
    }

    /// <summary>Whether the time is over after which nothing further is begun.</summary>
    public bool IsOverBudget => Stopwatch.GetElapsedTime(_started) > _options.Budget;

    /// <summary>Starts the app.</summary>
    public static async Task<Stage> StartAsync(StageOptions options) => new(await Backends.StartAsync(), options);

    /// <summary>Everything to be measured, before an app in a topology; those of another topology are ended.</summary>
    public async Task<IReadOnlyList<Subject>> SubjectsAsync(Topology topology)
    {
        if (topology == _topology)
            return _subjects;
        await EndSubjectsAsync();
        if (_options.IsDirectMeasured)
            _subjects.Add(new DirectSubject(_backends));
        if (_options.IsForwarderMeasured)
            _subjects.Add(await ForwarderSubject.StartAsync(topology, _backends));
        foreach (var peer in _options.Peers)
            _subjects.Add(await PeerSubject.StartAsync(peer, topology, _backends));
        foreach (var variant in _options.Variants)
            _subjects.Add(await BluegreenSubject.StartAsync(variant, topology));
        _topology = topology;
        return _subjects;
    }

    /// <summary>How long another one of a subject takes to its first answer.</summary>
    public async Task<TimeSpan> ColdStartAsync(Subject subject)
    {
        if (_options.Variants.FirstOrDefault(variant => variant.Name == subject.Name) is { } variant)
        {
            await using var front = await BluegreenSubject.StartAsync(variant, _topology!);
            await front.StopAsync();
            var again = Stopwatch.GetTimestamp();
            await front.StartAgainAsync();
            return Stopwatch.GetElapsedTime(again);
        }
        var started = Stopwatch.GetTimestamp();
        await using var proxy = await PeerSubject.StartAsync(_options.Peers.Single(peer => peer.Name == subject.Name), _topology!, _backends);
        return Stopwatch.GetElapsedTime(started);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await EndSubjectsAsync();
        await _backends.DisposeAsync();
    }

    private async Task EndSubjectsAsync()
    {
        _topology = null;
        await Task.WhenAll(_subjects.Select(subject => subject.DisposeAsync().AsTask()));
        _subjects.Clear();
    }
}
