using BlueGreen.Agent.Releases.Disk;
using BlueGreen.Agent.Releases.Fetching;
using BlueGreen.Agent.Releases.Sources;
using BlueGreen.Agent.Releases.Verification;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Releases;

/// <summary>
/// Brings what is to become a release into a hidden folder of the store: fetched, verified, unpacked, in this order. What is verified and
/// what is unpacked are one and the same file, in a folder that nobody but the front's user can enter. Whatever goes wrong, nothing of it
/// stays.
/// </summary>
/// <param name="store">Absolute path of the folder of all apps.</param>
/// <param name="removal">Takes away what went wrong.</param>
/// <param name="log">Told about content that will not work in the store.</param>
internal sealed class ReleaseStaging(string store, ReleaseRemoval removal, ILogger log)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Stages what is at a path of this machine.</summary>
    /// <param name="app">The folder of the app.</param>
    /// <param name="path">Absolute path of a folder, a file or an archive; a link is followed.</param>
    /// <param name="demands">What it must be like.</param>
    /// <param name="cancel">Ends it soon.</param>
    /// <exception cref="ReleaseException">It cannot be a release, is not what is demanded, or cannot be copied.</exception>
    public Task<StagedRelease> StageAsync(AppFolder app, string path, ReleaseDemands demands, CancellationToken cancel) =>
        GuardAsync(app, path, async folder =>
        {
            FileStatus status = FileStatus.Of(path, follow: true) ?? throw new ReleaseException($"{path}: no such file or directory");
            switch (status.Kind)
            {
                case FileKind.Folder:
                    ReleaseVerifier.AcceptFolder(path, demands);
                    MakeFolder(folder);
                    return Fill(folder, path, new FolderSource(path, store, log), BudgetFor(path, demands, folder), label: null, verified: null, cancel);
                case FileKind.File:
                    MakeFolder(folder);
                    FetchedFile file = LocalFile.CopyInto(FetchFolder(folder), path, BudgetFor(path, demands, folder), cancel);
                    return await VerifyAndFillAsync(folder, path, file, hasMode: true, demands, cancel);
                default:
                    throw new ReleaseException(
                        $"{path} is a socket, pipe or device; deploy a directory, a program or an archive ({ArchiveName.Endings})");
            }
        });

    /// <summary>Stages a file from elsewhere.</summary>
    /// <param name="app">The folder of the app.</param>
    /// <param name="shown">Where it comes from, for people: without secrets.</param>
    /// <param name="fetchAsync">Fetches it into an existing folder, which nobody else enters.</param>
    /// <param name="demands">What it must be like.</param>
    /// <param name="cancel">Ends it soon.</param>
    /// <exception cref="ReleaseException">It cannot be a release, is not what is demanded, or cannot be written.</exception>
    public Task<StagedRelease> StageAsync(
        AppFolder app, string shown, Func<string, CancellationToken, Task<FetchedFile>> fetchAsync, ReleaseDemands demands, CancellationToken cancel) =>
        GuardAsync(app, shown, async folder =>
        {
            MakeFolder(folder);
            FetchedFile file = await fetchAsync(FetchFolder(folder), cancel);
            return await VerifyAndFillAsync(folder, shown, file, hasMode: false, demands, cancel);
        });

    private async Task<StagedRelease> VerifyAndFillAsync(
        string folder, string shown, FetchedFile file, bool hasMode, ReleaseDemands demands, CancellationToken cancel)
    {
        VerifiedFile verified = await ReleaseVerifier.VerifyAsync(file, demands, cancel);
        IReleaseSource from = ReleaseSource.In(new SourceFile(file.Path, file.Name, verified.Sha256, hasMode), shown);
        StagedRelease staged = Fill(folder, shown, from, BudgetFor(shown, demands, folder), file.Label, verified, cancel);
        File.Delete(file.Path); // what was unpacked is not needed any more
        return staged;
    }

    private static StagedRelease Fill(
        string folder, string shown, IReleaseSource from, ReleaseBudget budget, string? label, VerifiedFile? verified, CancellationToken cancel)
    {
        using var tree = new ReleaseTree(Path.Combine(folder, "content"), budget);
        from.CopyTo(tree, cancel);
        return new StagedRelease(folder)
        {
            Digest = tree.HasFiles
                ? tree.Complete()
                : throw new ReleaseException($"{shown} is empty; there is nothing to deploy"),
            Directory = tree.Root,
            SizeBytes = tree.SizeBytes,
            Source = shown,
            Label = label ?? from.Label,
            Verified = verified,
        };
    }

    private async Task<StagedRelease> GuardAsync(AppFolder app, string shown, Func<string, Task<StagedRelease>> stageAsync)
    {
        string folder = app.Inside(HiddenName.ForStaging());
        try
        {
            return await stageAsync(folder);
        }
        catch (Exception failure) when (StagingFailure.IsExpected(failure))
        {
            removal.RemoveHidden(folder);
            throw StagingFailure.Explain(failure, shown, store);
        }
        catch
        {
            removal.RemoveHidden(folder);
            throw;
        }
    }

    private ReleaseBudget BudgetFor(string shown, ReleaseDemands demands, string folder) =>
        ReleaseBudget.OnDisk(shown, demands.Limits, store, folder);

    private static string FetchFolder(string folder) => Directory.CreateDirectory(Path.Combine(folder, "fetched"), Private).FullName;

    private void MakeFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
            Directory.CreateDirectory(folder, Private);
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException { HResult: not Libc.NoSpaceLeft })
        {
            throw new ReleaseException(
                $"cannot write to {store}: {failure.Message.TrimEnd('.')}; check its permissions or choose another --state", failure);
        }
    }
}
