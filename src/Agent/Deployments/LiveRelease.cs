using System.Collections.Immutable;
using BlueGreen.Agent.Releases;
using BlueGreen.Agent.Workers;
using BlueGreen.Proxy.Upstreams;

namespace BlueGreen.Agent.Deployments;

/// <summary>
/// A release with workers: from the launch of the first to the end of the last. Its role changes by the table below, under its own
/// lock; a restart makes a second live release of the same number.
/// </summary>
/// <param name="release">What runs.</param>
/// <param name="generation">The switch attempt its workers were started for.</param>
/// <param name="time">The clock of its role.</param>
/// <param name="role">What it begins as: one that a front finds after a restart has come some way already.</param>
internal sealed class LiveRelease(Release release, long generation, TimeProvider time, ReleaseRole role = ReleaseRole.Candidate)
{
    private static readonly ImmutableHashSet<(ReleaseRole From, ReleaseRole To)> Table =
    [
        (ReleaseRole.Candidate, ReleaseRole.Active),
        (ReleaseRole.Candidate, ReleaseRole.Retired),
        (ReleaseRole.Active, ReleaseRole.Draining),
        (ReleaseRole.Draining, ReleaseRole.Standby),
        (ReleaseRole.Draining, ReleaseRole.Candidate),
        (ReleaseRole.Draining, ReleaseRole.Retired),
        (ReleaseRole.Standby, ReleaseRole.Candidate),
        (ReleaseRole.Standby, ReleaseRole.Retired),
    ];

    private readonly Lock _gate = new();
    private ImmutableArray<LiveWorker> _workers = [];
    private CancellationTokenSource _retirement = new();

    /// <summary>What runs.</summary>
    public Release Release { get; } = release;

    /// <summary>The switch attempt its workers were started for.</summary>
    public long Generation { get; } = generation;

    /// <summary>What it is to its app.</summary>
    public ReleaseRole Role { get; private set; } = role;

    /// <summary>Since when.</summary>
    public DateTimeOffset Since { get; private set; } = time.GetUtcNow();

    /// <summary>Its workers.</summary>
    public ImmutableArray<LiveWorker> Workers
    {
        get
        {
            lock (_gate)
            {
                return _workers;
            }
        }
    }

    /// <summary>What its workers carry at this moment.</summary>
    public InFlight InFlight => Workers.Aggregate(default(InFlight), static (sum, worker) => sum + worker.InFlight);

    /// <summary>Completes when none of the workers that are healthy now lives any more; null when none is healthy now.</summary>
    /// <param name="besides">Does not count.</param>
    public Task? SoundnessEnd(LiveWorker? besides = null)
    {
        Task[] ends =
        [
            .. from worker in Workers
               where worker != besides && !worker.IsReplaced && worker.Process.State == WorkerState.Healthy
               select worker.Process.Exited,
        ];
        return ends.Length == 0 ? null : Task.WhenAll(ends);
    }

    /// <summary>What keeps its workers running while it serves; null before.</summary>
    public Supervision? Supervision { get; set; }

    /// <summary>Adds a worker, or puts it in the place of one that is gone.</summary>
    public void Put(LiveWorker worker, LiveWorker? inPlaceOf = null)
    {
        lock (_gate)
        {
            _workers = inPlaceOf is null ? _workers.Add(worker) : _workers.Replace(inPlaceOf, worker);
        }
    }

    /// <summary>Takes away a worker that is gone.</summary>
    public void Remove(LiveWorker worker)
    {
        lock (_gate)
        {
            _workers = _workers.Remove(worker);
        }
    }

    /// <summary>Changes the role.</summary>
    /// <exception cref="InvalidOperationException">The table has no such step.</exception>
    public void Become(ReleaseRole role)
    {
        lock (_gate)
        {
            BecomeNeedsLock(role);
        }
    }

    /// <summary>
    /// It is being replaced. False when it is not active any more: a switch and the end of its app can come at the same moment, and
    /// then one of them retires it.
    /// </summary>
    /// <param name="reclaimed">Cancelled when a rollback takes it back.</param>
    public bool TryBeginRetirement(out CancellationToken reclaimed)
    {
        lock (_gate)
        {
            reclaimed = CancellationToken.None;
            if (Role != ReleaseRole.Active)
            {
                return false;
            }

            BecomeNeedsLock(ReleaseRole.Draining);
            _retirement = new CancellationTokenSource();
            reclaimed = _retirement.Token;
            return true;
        }
    }

    /// <summary>Cancelled when a rollback takes back a release that is on its way out.</summary>
    public CancellationToken Reclaimed
    {
        get
        {
            lock (_gate)
            {
                return _retirement.Token;
            }
        }
    }

    /// <summary>Completes when all it has ever been given has ended or was cut, in this rotation or in an earlier one.</summary>
    public Task DrainEnd { get; private set; } = Task.CompletedTask;

    /// <summary>A rotation of it drains.</summary>
    public void FollowDrain(Task end)
    {
        lock (_gate)
        {
            DrainEnd = Task.WhenAll(DrainEnd, end);
        }
    }

    /// <summary>The end of its retirements, as far as they have got: completes when its workers are gone or it was taken back.</summary>
    public Task RetirementEnd { get; private set; } = Task.CompletedTask;

    /// <summary>A retirement goes on after the drain.</summary>
    public void FollowRetirement(Task end)
    {
        lock (_gate)
        {
            RetirementEnd = Task.WhenAll(RetirementEnd, end);
        }
    }

    /// <summary>The next step of a retirement, unless a rollback has taken the release back.</summary>
    public bool TryContinueRetirement(ReleaseRole role, CancellationToken retirement)
    {
        lock (_gate)
        {
            if (retirement.IsCancellationRequested)
            {
                return false;
            }

            BecomeNeedsLock(role);
            return true;
        }
    }

    /// <summary>A rollback takes the release back while its workers still run. False when they do not any more.</summary>
    public bool TryReclaim()
    {
        lock (_gate)
        {
            if (Role is not (ReleaseRole.Draining or ReleaseRole.Standby) || _workers.Any(worker => worker.Process.Exited.IsCompleted))
            {
                return false;
            }

            BecomeNeedsLock(ReleaseRole.Candidate);
            _retirement.Cancel();
            return true;
        }
    }

    private void BecomeNeedsLock(ReleaseRole role)
    {
        if (!Table.Contains((Role, role)))
        {
            throw new InvalidOperationException($"Release {Release.Number} is {Role} and cannot become {role}.");
        }

        Role = role;
        Since = time.GetUtcNow();
    }
}
