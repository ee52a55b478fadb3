using BlueGreen.Agent.Releases;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace BlueGreen.Agent.Tests.Releases;

/// <summary>A store in a temporary folder, the folder to make sources in, and what the store logged.</summary>
internal sealed class StoreFixture : ILogger<ReleaseStore>, IDisposable
{
    public const string App = "web";

    private readonly List<string> _log = [];

    public StoreFixture() => Store = NewStore();

    public TemporaryFolder Folder { get; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public ReleaseStore Store { get; }

    public IReadOnlyList<string> Log => _log;

    /// <summary>What releases must be like.</summary>
    public ReleaseDemands Demands { get; set; } = new();

    public string AppFolder => Folder["releases/web"];

    public string[] StoredNames => Directory.Exists(AppFolder)
        ? [.. Directory.GetFileSystemEntries(AppFolder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>The store as the next start of the front finds it.</summary>
    public ReleaseStore NewStore() => new(Folder["releases"], Time, this);

    public Task<StagedRelease> Stage(string source, CancellationToken cancellationToken) =>
        Store.StageAsync(App, source, Demands, cancellationToken);

    public Task<Release> Deploy(int number, CancellationToken cancellationToken) =>
        Deploy(number, Folder.Script("sources/server"), cancellationToken);

    public async Task<Release> Deploy(int number, string source, CancellationToken cancellationToken)
    {
        using StagedRelease staged = await Stage(source, cancellationToken);
        LaunchCommand command = LaunchCommand.Find(staged.Directory, null);
        return Store.Commit(staged, App, number, staged.Label, command, new Dictionary<string, string> { ["KEY"] = "value" });
    }

    /// <summary>The line a source is refused with, after checking that the store is as it was.</summary>
    public async Task<string> Refusal(string source, CancellationToken cancellationToken)
    {
        string[] before = TreeBesideAppFolder();
        var refusal = await Assert.ThrowsAsync<ReleaseException>(() => Stage(source, cancellationToken));
        Assert.Equal(before, TreeBesideAppFolder());
        Assert.DoesNotContain('\n', refusal.Message);
        return refusal.Message;
    }

    /// <summary>The app's folder itself may come with the first attempt.</summary>
    private string[] TreeBesideAppFolder() => [.. Folder.Tree().Except(["releases", "releases/web"])];

    public void Dispose() => Folder.Dispose();

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _log.Add(formatter(state, exception));
}
