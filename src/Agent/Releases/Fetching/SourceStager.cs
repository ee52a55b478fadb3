namespace BlueGreen.Agent.Releases.Fetching;

/// <summary>Makes staged copies of what sources have, wherever they are. Thread-safe.</summary>
/// <param name="store">Where the copies are; verifies before it unpacks.</param>
/// <param name="time">The clock of pauses and rates.</param>
/// <param name="retries">Tries again what broke.</param>
internal sealed class SourceStager(ReleaseStore store, TimeProvider time, SourceRetries retries)
{
    /// <summary>How often a download begins anew because the source has become another one meanwhile.</summary>
    private const int MostChanges = 3;

    /// <summary>Makes a copy of what a source has now.</summary>
    /// <param name="app">The app it is for.</param>
    /// <param name="options">The source.</param>
    /// <param name="demands">What it must be like.</param>
    /// <param name="report">Told how far the download is.</param>
    /// <param name="cancel">Ends it soon.</param>
    /// <exception cref="ReleaseException">It cannot be had, cannot be a release, or is not what is demanded.</exception>
    public async Task<StagedSource> StageAsync(
        string app, SourceOptions options, ReleaseDemands demands, Action<FetchProgress> report, CancellationToken cancel)
    {
        using var remote = RemoteSource.Open(options, time);
        return remote is null
            ? await StagePathAsync(app, options.Address, demands, cancel)
            : await StageAsync(app, remote, options, demands, report, cancel);
    }

    /// <summary>The same for a remote source that is open.</summary>
    /// <inheritdoc cref="StageAsync(string, SourceOptions, ReleaseDemands, Action{FetchProgress}, CancellationToken)"/>
    public async Task<StagedSource> StageAsync(
        string app, IRemoteSource remote, SourceOptions options, ReleaseDemands demands, Action<FetchProgress> report, CancellationToken cancel)
    {
        for (var changes = 1; ; changes++)
        {
            try
            {
                var version = await LookAsync(remote, known: null, cancel);
                var staged = await store.StageAsync(
                    app, options.Address.Shown, (folder, token) => FetchAsync(version!, folder, options, report, token), demands, cancel);
                return new StagedSource(staged, version!.Id);
            }
            catch (SourceException changed) when (changed.IsChange && changes < MostChanges)
            {
            }
            catch (SourceException failure)
            {
                throw new ReleaseException(failure.Message, failure);
            }
        }
    }

    /// <summary>Looks at a source, several times if it must be.</summary>
    /// <returns>Null: what is known is there still.</returns>
    /// <exception cref="SourceException">It cannot be reached, or has nothing.</exception>
    public Task<IRemoteVersion?> LookAsync(IRemoteSource remote, string? known, CancellationToken cancel) =>
        retries.RunAsync(token => remote.LookAsync(known, token), cancel);

    private async Task<StagedSource> StagePathAsync(string app, SourceAddress address, ReleaseDemands demands, CancellationToken cancel)
    {
        // Before it is copied: what changes from now on is another version.
        var fingerprint = await Task.Run(() => PathFingerprint.Of(address.Text), cancel);
        return new StagedSource(await store.StageAsync(app, address.Text, demands, cancel), fingerprint);
    }

    private async Task<FetchedFile> FetchAsync(
        IRemoteVersion version, string folder, SourceOptions options, Action<FetchProgress> report, CancellationToken cancel)
    {
        var source = options.Address.Shown;
        var path = Path.Combine(folder, version.Name);
        await new Download(version, source, options, retries, new DownloadMeter(report, time)).ToFileAsync(path, cancel);
        if (PublishedName.IsWebPage(path))
        {
            throw Http.HttpFile.WebPage(source);
        }

        return new FetchedFile(path, version.Name, version.PublishedSha256, ReadBesideAsync) { Label = version.Label };

        Task<byte[]?> ReadBesideAsync(string name, CancellationToken token) =>
            retries.RunAsync(attempt => version.ReadBesideAsync(name, attempt), token);
    }
}
