using System.Collections.Concurrent;
using BlueGreen.Agent.Releases.Fetching;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlueGreen.Agent.Releases;

/// <summary>
/// All releases of all apps on disk: <c>APP/N/</c> holds the content, <c>APP/N.json</c> the description. A release exists exactly
/// as long as both do. <c>APP/active</c> links to the one that serves. The front is the only writer, one deployment at a time per app;
/// reading needs no lock, because releases appear and vanish by one rename or unlink.
/// </summary>
/// <param name="directory">The folder of all apps, <c>DIR/releases</c>; made when the first release comes.</param>
/// <param name="time">The clock for <see cref="Release.CreatedAt"/>.</param>
/// <param name="log">Told about what is skipped or cannot be deleted.</param>
internal sealed class ReleaseStore(string directory, TimeProvider time, ILogger<ReleaseStore>? log = null)
{
    private readonly string _directory = Path.GetFullPath(directory);
    private readonly ILogger _log = log ?? NullLogger<ReleaseStore>.Instance;
    private readonly ReleaseRemoval _removal = new(log ?? NullLogger<ReleaseStore>.Instance);
    private readonly ReleaseStaging _staging = new(
        Path.GetFullPath(directory), new(log ?? NullLogger<ReleaseStore>.Instance), log ?? NullLogger<ReleaseStore>.Instance);
    private readonly ConcurrentDictionary<string, string> _reported = new();

    /// <summary>The apps that have a folder, by name; it may be empty. None when the store cannot be read, which is reported once.</summary>
    public IReadOnlyList<string> Apps
    {
        get
        {
            try
            {
                return Directory.Exists(_directory)
                    ? [.. Directory.GetDirectories(_directory).Select(path => Path.GetFileName(path)).Where(name => !HiddenName.Is(name)).Order(StringComparer.Ordinal)]
                    : [];
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                Report(_directory, failure);
                return [];
            }
        }
    }

    /// <summary>
    /// The releases of an app, oldest first. One that cannot be read is skipped, and reported once; so is the folder of them all.
    /// </summary>
    public IReadOnlyList<Release> List(string app)
    {
        AppFolder folder = Folder(app);
        try
        {
            return [.. folder.DescribedNumbers.Order().Select(number => Find(app, number)).OfType<Release>()];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Report(folder.Path, failure);
            return [];
        }
    }

    /// <summary>One release, or null when there is none or it cannot be read.</summary>
    public Release? Find(string app, int number)
    {
        string description = Folder(app).Description(number);
        string content = Folder(app).Content(number);
        if (!File.Exists(description))
        {
            return null;
        }

        if (!Directory.Exists(content))
        {
            return Skip(description, $"its folder {content} is missing");
        }

        try
        {
            return DescriptionFile.Read(description, number, content);
        }
        catch (Exception failure) when (failure is ReleaseException or IOException or UnauthorizedAccessException)
        {
            return Skip(description, failure.Message);
        }
    }

    /// <summary>The highest number in use, readable or not; 0 when there is none.</summary>
    /// <exception cref="IOException">The folder cannot be read: a number might be given twice.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public int HighestNumber(string app)
    {
        AppFolder folder = Folder(app);
        return folder.DescribedNumbers.Concat(folder.FolderNumbers).DefaultIfEmpty(0).Max();
    }

    /// <summary>Copies or unpacks a source of this machine into a hidden folder of the store. Whatever goes wrong, nothing of it stays.</summary>
    /// <param name="app">The app.</param>
    /// <param name="source">A folder, a file or an archive; a relative path starts at the working directory.</param>
    /// <param name="demands">What it must be like.</param>
    /// <param name="cancellationToken">Ends the copying soon, between two blocks of a file.</param>
    /// <exception cref="ReleaseException">It cannot be a release, is not what is demanded, or cannot be copied.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Task<StagedRelease> StageAsync(string app, string source, ReleaseDemands demands, CancellationToken cancellationToken)
    {
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(source));
        return StageAsync(app, () => _staging.StageAsync(Folder(app), path, demands, cancellationToken), cancellationToken);
    }

    /// <summary>Fetches a file from elsewhere into the store and stages it. Whatever goes wrong, nothing of it stays.</summary>
    /// <param name="app">The app.</param>
    /// <param name="shown">Where it comes from, for people: without secrets.</param>
    /// <param name="fetchAsync">Fetches it into an existing folder, which nobody else enters.</param>
    /// <param name="demands">What it must be like.</param>
    /// <param name="cancellationToken">Ends it soon.</param>
    /// <exception cref="ReleaseException">It cannot be a release, is not what is demanded, or cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Task<StagedRelease> StageAsync(
        string app, string shown, Func<string, CancellationToken, Task<FetchedFile>> fetchAsync, ReleaseDemands demands,
        CancellationToken cancellationToken) =>
        StageAsync(app, () => _staging.StageAsync(Folder(app), shown, fetchAsync, demands, cancellationToken), cancellationToken);

    /// <summary>
    /// Makes a staged copy a release. First the content takes its place, then the description appears, whole and flushed. The
    /// description is the last step because it is one rename of a small file: a crash before it leaves a folder without
    /// description, which is no release and goes at the next start. The other way round, a description would promise content that
    /// is not there.
    /// </summary>
    /// <exception cref="ReleaseException">The disk is full or fails; nothing is left.</exception>
    /// <exception cref="InvalidOperationException">The number is in use.</exception>
    public Release Commit(
        StagedRelease staged,
        string app,
        int number,
        string label,
        LaunchCommand command,
        IReadOnlyDictionary<string, string> env,
        Actor? by = null,
        IReadOnlyDictionary<string, LaunchCommand>? processes = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(number);
        string content = Folder(app).Content(number);
        string description = Folder(app).Description(number);
        if (Path.Exists(content) || Path.Exists(description))
        {
            throw new InvalidOperationException($"Release {number} of {app} exists.");
        }

        var release = new Release
        {
            Number = number,
            Label = label,
            Digest = staged.Digest,
            Source = staged.Source,
            By = by,
            CreatedAt = time.GetUtcNow(),
            SizeBytes = staged.SizeBytes,
            Command = command with { Directory = content },
            Processes = (processes ?? new Dictionary<string, LaunchCommand>()).ToDictionary(pair => pair.Key, pair => pair.Value with { Directory = content }),
            Env = new Dictionary<string, string>(env),
            Verified = staged.Verified,
            Directory = content,
        };
        try
        {
            if (ReleaseAccess.IsPassed(_directory))
            {
                ReleaseAccess.Shut(staged.Directory);
            }

            Directory.Move(staged.Directory, content);
            DescriptionFile.Write(description, release);
        }
        catch (Exception failure) when (StagingFailure.IsExpected(failure))
        {
            Delete(app, number);
            throw StagingFailure.Explain(failure, staged.Source, _directory);
        }
        catch
        {
            Delete(app, number);
            throw;
        }

        staged.Dispose();
        return release;
    }

    /// <summary>
    /// Lets a group enter a release, that of a user whom its processes run as. Releases that nobody was let into were shut by the folders above
    /// them alone: now each shuts itself.
    /// </summary>
    /// <param name="app">The app.</param>
    /// <param name="release">The release.</param>
    /// <param name="group">The number of the group.</param>
    /// <exception cref="IOException">It was refused.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not this user's.</exception>
    public void LetIn(string app, Release release, uint group)
    {
        foreach (AppFolder folder in Apps.Select(Folder))
        {
            foreach (string content in folder.FolderNumbers.Select(folder.Content))
            {
                ReleaseAccess.Shut(content);
            }
        }

        ReleaseAccess.Open(Folder(app), release.Directory, group);
    }

    /// <summary>Writes down beside the releases which of them serves: <c>APP/active</c> links to its folder.</summary>
    /// <param name="app">The app.</param>
    /// <param name="number">A stored release.</param>
    /// <exception cref="IOException">It cannot be written; the link is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not this user's to write; the link is as it was.</exception>
    public void MarkActive(string app, int number) => ActiveMark.Write(Folder(app), number);

    /// <summary>The release that <see cref="MarkActive"/> was last told; null when there is no mark, or none that makes sense.</summary>
    public int? MarkedActive(string app) => ActiveMark.Read(Folder(app));

    /// <summary>
    /// Deletes a release; nothing happens when there is none. Without its description it is gone at once; its folder is renamed
    /// before it is emptied, so what a crash leaves is hidden.
    /// </summary>
    public void Delete(string app, int number) => _removal.TryDelete(Folder(app), number);

    /// <summary>Deletes old releases.</summary>
    /// <param name="app">The app.</param>
    /// <param name="keep">How many of the newest stay; at least 0.</param>
    /// <param name="protect">Numbers that stay besides, whatever their age.</param>
    /// <returns>What was deleted, ascending; not what could not be.</returns>
    public IReadOnlyList<int> Prune(string app, int keep, IReadOnlySet<int> protect)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(keep);
        return
        [
            .. List(app).SkipLast(keep).Select(release => release.Number)
                .Where(number => !protect.Contains(number) && _removal.TryDelete(Folder(app), number)),
        ];
    }

    /// <summary>
    /// Removes what a crash left: half-made and half-deleted copies, folders without description, descriptions without folder.
    /// Only at start, when nothing is being deployed. A description that cannot be read stays, with its content: it may be a
    /// newer version's. What cannot be removed is reported.
    /// </summary>
    public void RemoveLeftovers()
    {
        foreach (string app in Apps)
        {
            AppFolder folder = Folder(app);
            try
            {
                _removal.RemoveLeftovers(folder);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                Report(folder.Path, failure);
            }
        }
    }

    private Task<StagedRelease> StageAsync(string app, Func<Task<StagedRelease>> stageAsync, CancellationToken cancellationToken) =>
        Task.Run(async () =>
        {
            StagedRelease staged = await stageAsync();
            try
            {
                ShareWithStored(app, staged, cancellationToken);
                return staged;
            }
            catch
            {
                staged.Dispose();
                throw;
            }
        }, cancellationToken);

    /// <summary>The same content is stored once.</summary>
    private void ShareWithStored(string app, StagedRelease staged, CancellationToken cancellationToken)
    {
        if (List(app).LastOrDefault(release => release.Digest == staged.Digest) is { } same)
        {
            SharedFiles.Share(staged.Directory, same.Directory, cancellationToken);
        }
    }

    private Release? Skip(string description, string reason)
    {
        if (_reported.TryAdd(description, reason))
        {
            _log.LogWarning("The release described by {Path} is skipped: {Reason}", description, reason);
        }

        return null;
    }

    private void Report(string folder, Exception failure)
    {
        if (_reported.TryAdd(folder, failure.Message))
        {
            _log.LogWarning("{Path} cannot be read: {Reason}", folder, failure.Message);
        }
    }

    private AppFolder Folder(string app) => new(_directory, app);
}
