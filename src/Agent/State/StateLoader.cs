using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.State;

/// <summary>
/// Makes the best of the two copies of the state: what is damaged in the first is taken from the second. Says loudly what was lost.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="previousPath">The copy before it.</param>
/// <param name="logger">Told.</param>
internal sealed class StateLoader(string path, string previousPath, ILogger logger)
{
    private static readonly StateCopy Missing = new() { Unreadable = "there is no such file" };

    /// <summary>Reads the two files. Whatever is in them, it does not fail.</summary>
    /// <returns>The state, what is missing in it, and whether the file was whole.</returns>
    /// <exception cref="StateException">A newer version of this program wrote it.</exception>
    public (FrontState State, StateLoss Loss, bool IsWhole) Load()
    {
        var current = StateReader.Read(path);
        if (current is { IsWhole: true })
        {
            return (new FrontState { Apps = current.Apps }, StateLoss.None, true);
        }

        var previous = StateReader.Read(previousPath);
        if (current is null && previous is null)
        {
            return (new FrontState(), StateLoss.None, true);
        }

        SayDamage(path, current);
        SayDamage(previousPath, previous);
        if (current is not null)
        {
            DamagedFile.Keep(path, path, logger);
        }

        var (state, loss) = Combine(current ?? Missing, previous ?? Missing);
        SayLoss(loss);
        return (state, loss, false);
    }

    private static (FrontState State, StateLoss Loss) Combine(StateCopy current, StateCopy previous)
    {
        // Where it is known which apps there were last, one that only the previous copy has is not brought back.
        var knowsAll = current.Unreadable is null && !current.HasNameless;
        var outdated = previous.Apps.Keys
            .Where(app => !current.Apps.ContainsKey(app) && (!knowsAll || current.Damaged.ContainsKey(app))).ToImmutableSortedSet();
        var apps = current.Apps.AddRange(outdated.Select(app => KeyValuePair.Create(app, previous.Apps[app])));
        var lost = current.Damaged.Keys.Concat(knowsAll ? [] : previous.Damaged.Keys).Where(app => !apps.ContainsKey(app));
        return (
            new FrontState { Apps = apps },
            new StateLoss(All: current.Unreadable is not null && previous.Unreadable is not null, lost.ToImmutableSortedSet(), outdated));
    }

    private void SayDamage(string path, StateCopy? copy)
    {
        if (copy is null or { Unreadable: not null })
        {
            logger.LogError("Cannot read the state in {Path}: {Reason}", path, copy?.Unreadable ?? Missing.Unreadable);
            return;
        }

        foreach (var (app, reason) in copy.Damaged)
        {
            logger.LogError("Cannot read the state of {App} in {Path}: {Reason}", app, path, reason);
        }

        if (copy.HasNameless)
        {
            logger.LogError("Cannot read the name of an app in {Path}", path);
        }
    }

    private void SayLoss(StateLoss loss)
    {
        if (loss.All)
        {
            logger.LogError("The state is lost: neither {Path} nor its previous copy can be read; starting with an empty one", path);
        }

        foreach (var app in loss.Apps)
        {
            logger.LogError("The state of {App} is lost: neither {Path} nor its previous copy has it", app, path);
        }

        foreach (var app in loss.Outdated)
        {
            logger.LogError("The state of {App} is taken from {Previous}: what was written last is lost", app, previousPath);
        }
    }
}
