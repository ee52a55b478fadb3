using System.Collections.Immutable;
using BlueGreen.Agent.Releases;
using BlueGreen.Agent.State;

namespace BlueGreen.Agent.Deployments.Processes;

/// <summary>The processes of one app that take no requests: those of the active release's types, as many of each as are wanted.</summary>
internal sealed class AppProcesses(App app, ProcessServices services)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, List<ProcessPlace>> _places = new(StringComparer.Ordinal);
    private Release? _release;
    private long _generation;

    /// <summary>Those that live, or are not yet seen to be gone.</summary>
    public IReadOnlyList<BackgroundProcess> Living
    {
        get
        {
            lock (_gate)
            {
                return [.. _places.Values.SelectMany(places => places).SelectMany(place => place.Living)];
            }
        }
    }

    /// <summary>Why those do not stay up that are wanted and do not, by type; see <see cref="ProcessPlace.Failure"/>.</summary>
    public ILookup<string, string> Failures
    {
        get
        {
            lock (_gate)
            {
                return _places.SelectMany(places => places.Value, (places, place) => (Type: places.Key, place.Failure))
                    .Where(one => one.Failure is not null).ToLookup(one => one.Type, one => one.Failure!);
            }
        }
    }

    /// <summary>The types of the active release, with the number of processes that are wanted of each, by type.</summary>
    public IReadOnlyDictionary<string, int> Wanted
    {
        get
        {
            lock (_gate)
            {
                return TypesNeedsLock.ToImmutableSortedDictionary(type => type, CountOf, StringComparer.Ordinal);
            }
        }
    }

    /// <summary>Completes when all is as it was last asked for, or has shown that it does not stay so; see <see cref="ProcessPlace.Settled"/>.</summary>
    public Task SettledAsync()
    {
        lock (_gate)
        {
            return Task.WhenAll(_places.Values.SelectMany(places => places).Select(place => place.Settled));
        }
    }

    /// <summary>Whether the programs of a release can be run: of the types of which any is wanted.</summary>
    /// <exception cref="ReleaseException">One cannot: one line says which, and why.</exception>
    /// <exception cref="IOException">The same, of its limits.</exception>
    public void Check(Release release)
    {
        foreach (var type in release.Processes.Keys.Where(type => type != ProcessTypes.Release && CountOf(type) > 0).Order(StringComparer.Ordinal))
        {
            services.Factory.Check(app.Options, release, type);
        }
    }

    private IEnumerable<string> TypesNeedsLock => _release?.Processes.Keys.Where(type => type != ProcessTypes.Release) ?? [];

    /// <summary>Takes over those that an earlier front started. Before anything else is asked for.</summary>
    /// <param name="found">The processes.</param>
    public void Adopt(IEnumerable<BackgroundProcess> found)
    {
        lock (_gate)
        {
            foreach (var type in found.OrderBy(process => process.Generation).GroupBy(process => process.Type))
            {
                // Of a singleton there is one place: there one stays, and the others are seen gone before anybody else comes.
                var places = Math.Max(1, CountOf(type.Key));
                var processes = type.ToArray();
                _places[type.Key] =
                [
                    .. Enumerable.Range(0, places).Select(i => NewPlace(type.Key, [.. processes.Where((_, at) => at % places == i)])),
                ];
            }
        }
    }

    /// <summary>From now on the processes of this release run, and no others.</summary>
    /// <param name="live">The release, which is active.</param>
    public void Follow(LiveRelease live) => Follow(live.Release, live.Generation);

    /// <summary>From now on none runs.</summary>
    public void End() => Follow(null, 0);

    /// <summary>Takes a change of the options, or of the scale, into account.</summary>
    public void Refresh()
    {
        lock (_gate)
        {
            WantNeedsLock();
        }
    }

    private void Follow(Release? release, long generation)
    {
        lock (_gate)
        {
            (_release, _generation) = (release, generation);
            WantNeedsLock();
        }
    }

    private void WantNeedsLock()
    {
        var wish = _release is null ? null : new ProcessWish(_release, _generation);
        var types = TypesNeedsLock.ToHashSet();
        foreach (var type in types.Union(_places.Keys).ToArray())
        {
            var count = types.Contains(type) ? CountOf(type) : 0;
            if (!_places.TryGetValue(type, out var places))
            {
                _places[type] = places = [];
            }

            while (places.Count < count)
            {
                places.Add(NewPlace(type, []));
            }

            for (var i = 0; i < places.Count; i++)
            {
                places[i].Want(i < count ? wish : null);
            }
        }
    }

    private int CountOf(string type)
    {
        var options = app.Options.Process(type);
        if (options.Singleton && app.RunOnce.Any(command => command.Request.Process == type && !command.Ended.IsCompleted))
        {
            // Whatever a reload says meanwhile: that one is the one.
            return 0;
        }

        var count = services.State.Current.App(app.Name).Wanted(type, options.Instances);
        return options.Singleton ? Math.Min(1, count) : count;
    }

    private ProcessPlace NewPlace(string type, ImmutableArray<BackgroundProcess> found) => new(app, type, found, services, Journal);

    /// <summary>Where that fails, the environment of the processes tells of them.</summary>
    private void Journal() => services.State.TryUpdate(app.Name, before => before with
    {
        Processes =
        [
            .. from process in Living
               where process is { Exited.IsCompleted: false, Identity: not null }
               select new JournaledProcess(
                   process.Id, process.Type, process.Release, process.Generation, process.Pid, process.Identity!.StartTicks, process.Identity.BootId)
               {
                   Restarts = process.Restarts,
               },
        ],
    });
}
