using BlueGreen.Agent.Releases.Commands;
using BlueGreen.Agent.Releases.Disk;

namespace BlueGreen.Agent.Releases.Fetching;

/// <summary>Makes staged copies of what sources have, wherever they are. Thread-safe.</summary>
/// <param name="store">Where the copies are.</param>
/// <param name="time">The clock of pauses and rates.</param>
/// <param name="retries">Tries again what broke.</param>
/// <param name="verify">
/// Looks at a file that was fetched for an app before anything of it is unpacked; refuses it by a <see cref="ReleaseException"/>.
/// </param>
internal sealed class SourceStager(
    ReleaseStore store, TimeProvider time, SourceRetries retries, Func<string, FetchedFile, CancellationToken, Task>? verify = null)
{
    /// <summary>How often a download begins anew because the source has become another one meanwhile.</summary>
    private const int MostChanges = 3;

    /// <summary>Makes a copy of what a source has now.</summary>
    /// <param name="app">The app it is for.</param>
    /// <param name="options">The source.</param>
    /// <param name="report">Told how far the download is.</param>
    /// <param name="cancel">Ends it soon.</param>
    /// <exception cref="ReleaseException">It cannot be had, or cannot be a release.</exception>
    public async Task<StagedSource> StageAsync(string app, SourceOptions options, Action<FetchProgress> report, CancellationToken cancel)
    {
        using var remote = RemoteSource.Open(options, time);
        return remote is null
            ? await StagePathAsync(app, options.Address, cancel)
            : await StageAsync(app, remote, options, report, cancel);
    }

    /// <summary>The same for a remote source that is open.</summary>
    /// <inheritdoc cref="StageAsync(string, SourceOptions, Action{FetchProgress}, CancellationToken)"/>
    public async Task<StagedSource> StageAsync(
        string app, IRemoteSource remote, SourceOptions options, Action<FetchProgress> report, CancellationToken cancel)
    {
        for (var changes = 1; ; changes++)
        {
            try
            {
                var version = await LookAsync(remote, known: null, cancel);
                var staged = await store.StageFetchedAsync(
                    app, options.Address.Shown, version!.Label, (folder, token) => FetchAsync(app, version, folder, options, report, token), cancel);
                return new StagedSource(staged, version.Id);
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

    private async Task<StagedSource> StagePathAsync(string app, SourceAddress address, CancellationToken cancel)
    {
        // Before it is copied: what changes from now on is another version.
        var fingerprint = await Task.Run(() => PathFingerprint.Of(address.Text), cancel);
        return new StagedSource(await store.StageAsync(app, address.Text, cancel), fingerprint);
    }

    private async Task<string> FetchAsync(
        string app, IRemoteVersion version, string folder, SourceOptions options, Action<FetchProgress> report, CancellationToken cancel)
    {
        var source = options.Address.Shown;
        var path = Path.Combine(folder, version.Name);
        await new Download(version, source, options, retries, new DownloadMeter(report, time)).ToFileAsync(path, cancel);
        if (PublishedName.IsWebPage(path))
        {
            throw Http.HttpFile.WebPage(source);
        }

        if (verify is not null)
        {
            await verify(app, new FetchedFile(path, version.Name, version.PublishedSha256, ReadBesideAsync), cancel);
        }

        // Downloads have no modes.
        File.SetUnixFileMode(path, ProgramHeader.Read(path).IsRunnable ? Permissions.Program : Permissions.Plain);
        var named = Path.Combine(folder, PublishedName.ForContent(version.Name, path));
        File.Move(path, named);
        return named;

        Task<byte[]?> ReadBesideAsync(string name, CancellationToken token) =>
            retries.RunAsync(attempt => version.ReadBesideAsync(name, attempt), token);
    }
}
