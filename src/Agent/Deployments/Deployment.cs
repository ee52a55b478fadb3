using System.Runtime.CompilerServices;
using BlueGreen.Agent.Control.Contracts;

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

    /// <summary>The release it is about, once that is known.</summary>
    public int? Release { get; private set; }

    /// <summary>The label of that release.</summary>
    public string? Label { get; private set; }

    /// <summary>True once it has ended.</summary>
    public bool IsOver => State is DeploymentState.Completed or DeploymentState.RolledBack or DeploymentState.Failed;

    /// <summary>For people: "deploy of /srv/v2 (release 7, probing for 2.1 s)".</summary>
    public string Description =>
        $"{Request.Description} ({(Release is { } number ? $"release {number}, " : "")}{NameOf(State)}, running for {Elapsed.TotalSeconds:0.0} s, since {StartedAt:u})";

    /// <summary>Says which release it is about.</summary>
    public void Concerns(int release, string label)
    {
        Release = release;
        Label = label;
    }

    /// <summary>Takes the next step and tells of it.</summary>
    /// <param name="state">The step.</param>
    /// <param name="details">Adds what this kind of event carries.</param>
    /// <exception cref="InvalidOperationException">The step is not in the table.</exception>
    public DeploymentEvent Advance(DeploymentState state, Func<DeploymentEvent, DeploymentEvent>? details = null)
    {
        DeploymentTransitions.Check(State, state);
        State = state;
        var told = details is null ? NewEvent() : details(NewEvent());
        Add(told);
        return told;
    }

    /// <summary>Tells more of the step it is at.</summary>
    /// <param name="details">Adds what there is to tell.</param>
    public void Tell(Func<DeploymentEvent, DeploymentEvent> details) => Add(details(NewEvent()));

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

    private DeploymentEvent NewEvent() => new()
    {
        Event = NameOf(State),
        App = App,
        Kind = Request.Kind,
        Release = Release,
        Label = Label,
        At = time.GetUtcNow(),
        ElapsedMs = (long)Elapsed.TotalMilliseconds,
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

    /// <summary>The name of a step in events: lower case.</summary>
    public static string NameOf(DeploymentState state) => state.ToString().ToLowerInvariant();
}
