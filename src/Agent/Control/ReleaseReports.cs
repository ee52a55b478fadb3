using BlueGreen.Agent.Control.Contracts;
using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Deployments.Audit;
using BlueGreen.Agent.Releases;
using BlueGreen.Agent.State;

namespace BlueGreen.Agent.Control;

/// <summary>Puts together what is told of stored releases.</summary>
internal sealed class ReleaseReports(ReleaseStore store, StateFile state, AuditLog audit)
{
    /// <summary>Records of an app that are looked through for what has become of its releases.</summary>
    private const int HistoryLines = 1000;

    /// <summary>All of an app, newest first.</summary>
    public IReadOnlyList<StoredReleaseReport> All(App app)
    {
        var stored = store.List(app.Name);
        var history = History(app);
        return [.. stored.Reverse().Select(release => Of(app, release, stored, history))];
    }

    /// <summary>All that is known of one; null when it is not stored.</summary>
    public ReleaseReport? One(App app, int number)
    {
        var stored = store.List(app.Name);
        if (stored.FirstOrDefault(release => release.Number == number) is not { } release)
        {
            return null;
        }

        var history = History(app);
        var known = Of(app, release, stored, history);
        return new ReleaseReport(
            known.Release, known.Label, known.Digest, known.Source, known.At, known.SizeBytes, known.Command, known.Role, known.RollbackTarget,
            known.By, known.Outcome, release.Command.Origin, release.Directory,
            [.. release.Env.Keys.Order(StringComparer.Ordinal)],
            [.. stored.Where(other => other.Number != number && other.Digest == release.Digest).Select(other => other.Number)],
            [.. history.Where(record => record.Release == number)]);
    }

    private StoredReleaseReport Of(App app, Release release, IReadOnlyList<Release> stored, IReadOnlyList<DeploymentRecord> history)
    {
        var known = state.Current.App(app.Name);
        var role = app.Live.LastOrDefault(live => live.Release.Number == release.Number)?.Role.ToString().ToLowerInvariant();
        return new StoredReleaseReport(
            release.Number, release.Label, release.Digest, release.Source, release.CreatedAt, release.SizeBytes, release.Command.Line,
            role, RollbackTarget.Find(known, stored) == release, release.By is { } by ? new ActorReport(by.Uid, by.User) : null,
            role ?? (known.Active == release.Number
                ? "active"
                : history.Select(record => OutcomeFor(release.Number, record)).LastOrDefault(outcome => outcome is not null)));
    }

    /// <summary>What a deployment has made of a release; null: nothing.</summary>
    private static string? OutcomeFor(int number, DeploymentRecord record) => record switch
    {
        { Outcome: "completed", Trigger: "probation", Replaced: { } bad } when bad == number => "rolledback",
        { Release: { } own } when own != number => null,
        { Release: null } => null,
        { Outcome: "completed" } => "replaced",
        _ => record.Outcome,
    };

    private IReadOnlyList<DeploymentRecord> History(App app)
    {
        try
        {
            return audit.Last(HistoryLines, app.Name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The releases are there all the same; `history` says why it is not.
            return [];
        }
    }
}
