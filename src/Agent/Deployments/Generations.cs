using System.Collections.Concurrent;
using BlueGreen.Agent.State;

namespace BlueGreen.Agent.Deployments;

/// <summary>
/// The row of numbers of each app: one for each switch attempt, each start of a process that takes no requests, and each role that
/// workers are told. They only grow, over restarts of the front too, so a later one may fence off an earlier one; and none is given twice, even
/// where the disk is full and they cannot be written down.
/// </summary>
internal sealed class Generations(StateFile state)
{
    private readonly ConcurrentDictionary<string, long> _last = new();

    /// <summary>The next number. The caller writes it down before it acts on it.</summary>
    public long Next(string app)
    {
        var written = state.Current.App(app).Generation;
        return _last.AddOrUpdate(app, static (_, written) => written + 1, static (_, last, written) => Math.Max(last, written) + 1, written);
    }

    /// <summary>The next number, written down where the disk takes it.</summary>
    public long Take(string app)
    {
        var next = Next(app);
        state.TryUpdate(app, before => before.WithGeneration(next));
        return next;
    }

    /// <summary>Numbers up to this one have been given before.</summary>
    public void Skip(string app, long upTo) => _last.AddOrUpdate(app, upTo, (_, last) => Math.Max(last, upTo));
}
