namespace BlueGreen.Agent.Deployments;

/// <summary>The keepers of one release's workers, from its switch until it is replaced.</summary>
internal sealed class Supervision
{
    private readonly CancellationTokenSource _over = new();
    private readonly List<Task> _keepers = [];

    /// <summary>Adds a keeper. Only before <see cref="EndAsync"/>.</summary>
    public void Add(Func<CancellationToken, Task> keep) => _keepers.Add(Task.Run(() => keep(_over.Token)));

    /// <summary>Tells the keepers to end. No worker is started any more once the returned task has completed.</summary>
    public async Task EndAsync()
    {
        await _over.CancelAsync();
        await Task.WhenAll(_keepers);
    }
}
