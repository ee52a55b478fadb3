using System.Runtime.CompilerServices;
using BlueGreen.Agent.Control.Contracts;
using BlueGreen.Agent.Releases;

namespace BlueGreen.Agent.Deployments;

/// <summary>
/// One attempt to make a release live: its state, and the events that tell of it. The runner alone advances it; any number of readers
/// follow the events from the first one on.
/// </summary>
internal sealed class Deployment(string app, DeploymentRequest request, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<DeploymentEvent> _events = [];
    private readonly long _started = time.GetTimestamp();
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Release? _about;

    /// <summary>Tells it from all others. Later ones come later in the order of texts.</summary>
    public string Id { get; } = Guid.CreateVersion7(time.GetUtcNow()).ToString();

    /// <summary>Given all events when the last one is known and nobody has heard of it yet.</summary>
    public Action<Deployment, IReadOnlyList<DeploymentEvent>> Ending { get; init; } = (_, _) => { };

    /// <summary>The app.</summary>
    public string App { get; } = app;

    /// <summary>What was asked for.</summary>
    public DeploymentRequest Request { get; } = request;

    /// <summary>When it was accepted.</summary>
    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    /// <summary>How long ago that was.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(_started);

    /// <summary>The step it is at.</summary>
    public DeploymentState State { get; private set; }

    /// <summary>The number of the release it is about, once that is known.</summary>
    public int? Number => _about?.Number;

    /// <summary>The release that its switch has replaced, if any.</summary>
    public int? Replaced { get; set; }

    /// <summary>True once it has ended.</summary>
    public bool IsOver => State is DeploymentState.Completed or DeploymentState.RolledBack or DeploymentState.Failed;

    /// <summary>For people: "deploy of /srv/v2 (release 7, probing for 2.1 s)".</summary>
    public string Description =>
        $"{Request.Description} ({(Number is { } number ? $"release {number}, " : "")}{NameOf(State)}, running for {Elapsed.TotalSeconds:0.0} s, since {StartedAt:u})";

    /// <summary>Says which release it is about.</summary>
    public void Concerns(Release release) => _about = release;

    /// <summary>Takes the next step and tells of it.</summary>
    /// <param name="state">The step.</param>
    /// <param name="details">Adds what this kind of event carries.</param>
    /// <exception cref="InvalidOperationException">The step is not in the table.</exception>
    public DeploymentEvent Advance(DeploymentState state, Func<DeploymentEvent, DeploymentEvent>? details = null)
    {
        DeploymentTransitions.Check(State, state);
        State = state;
        var told = NewEvent(NameOf(state));
        told = details is null ? told : details(told);
        if (told.IsLast)
        {
            Ending(this, [.. _events, told]);
        }

        Add(told);
        return told;
    }

    /// <summary>Tells more of the step it is at.</summary>
    /// <param name="details">Adds what there is to tell.</param>
    public void Tell(Func<DeploymentEvent, DeploymentEvent> details) => Add(details(NewEvent(NameOf(State))));

    /// <summary>What hooks and webhooks hear of an event: it, and all else that is known of the deployment.</summary>
    public DeploymentEvent Whole(DeploymentEvent told) => told with
    {
        Source = told.Source ?? (Request as DeploymentRequest.Deploy)?.Source ?? _about?.Source,
        Digest = told.Digest ?? _about?.Digest,
        Replaced = Replaced,
        Trigger = NameOf(Request.Trigger),
        By = Request.By is { } by ? new ActorReport(by.Uid, by.User) : null,
    };

    /// <summary>The same for something that is no step.</summary>
    public DeploymentEvent Whole(string happened) => Whole(NewEvent(happened));

    /// <summary>All events, from the first to the one that ends it.</summary>
    public async IAsyncEnumerable<DeploymentEvent> ReadEventsAsync([EnumeratorCancellation] CancellationToken cancel = default)
    {
        for (var next = 0; ;)
        {
            DeploymentEvent[] unread;
            Task news;
            lock (_gate)
            {
                unread = [.. _events.Skip(next)];
                news = _news.Task;
            }

            foreach (var one in unread)
            {
                yield return one;
                if (one.IsLast)
                {
                    yield break;
                }
            }

            next += unread.Length;
            await news.WaitAsync(cancel);
        }
    }

    /// <summary>The name of a step in events: lower case.</summary>
    public static string NameOf(DeploymentState state) => state.ToString().ToLowerInvariant();

    /// <summary>The name of what began it: lower case.</summary>
    public static string NameOf(DeploymentTrigger trigger) => trigger.ToString().ToLowerInvariant();

    private DeploymentEvent NewEvent(string name) => new()
    {
        Event = name,
        App = App,
        Kind = Request.Kind,
        Release = Number,
        Label = _about?.Label,
        At = time.GetUtcNow(),
        ElapsedMs = (long)Elapsed.TotalMilliseconds,
        Id = Id,
    };

    private void Add(DeploymentEvent told)
    {
        TaskCompletionSource news;
        lock (_gate)
        {
            _events.Add(told);
            (news, _news) = (_news, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        news.SetResult();
    }
}
