using System.Buffers;

namespace BlueGreen.Agent.Releases.Fetching;

/// <summary>
/// Brings the content of a version into a file, block by block. A transfer that breaks is taken up where it broke, or from the beginning
/// where the source cannot do that. The file is complete when this returns, or it is worth nothing.
/// </summary>
/// <param name="version">What is fetched.</param>
/// <param name="source">What it is called in messages.</param>
/// <param name="options">The limits.</param>
/// <param name="retries">Tries again.</param>
/// <param name="meter">Told of the bytes.</param>
internal sealed class Download(IRemoteVersion version, string source, SourceOptions options, SourceRetries retries, DownloadMeter meter)
{
    private const int BufferSize = 128 * 1024;

    /// <summary>A transfer that brought this much, or a twentieth of the whole, before it broke has not failed: it is gone on with.</summary>
    private const long WorthAnother = 64 * 1024;

    /// <summary>Fetches it.</summary>
    /// <param name="path">A file that is not there yet.</param>
    /// <param name="cancel">Ends it soon.</param>
    /// <exception cref="SourceException">It could not be fetched.</exception>
    /// <exception cref="IOException">It could not be written.</exception>
    public async Task ToFileAsync(string path, CancellationToken cancel)
    {
        if (version.Size > options.MaxSize)
        {
            throw TooLarge(version.Size.Value);
        }

        await using var file = new FileStream(
            path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, Options = FileOptions.Asynchronous });
        while (!await retries.RunAsync(token => GoOnAsync(file, token), cancel))
        {
        }

        meter.Finish(file.Length);
    }

    /// <summary>Fetches what the file lacks.</summary>
    /// <returns>Whether it is complete; false: the transfer broke, but not before it had brought something.</returns>
    private async Task<bool> GoOnAsync(FileStream file, CancellationToken cancel)
    {
        using var opened = await version.OpenAsync(file.Length, cancel);
        // From the beginning, where the source does not give the rest alone.
        file.SetLength(opened.Offset);
        file.Position = opened.Offset;
        if (opened.Total > options.MaxSize)
        {
            throw TooLarge(opened.Total.Value);
        }

        try
        {
            await CopyAsync(opened, file, cancel);
            CheckLength(file.Length, opened.Total);
            return true;
        }
        catch (SourceException broken) when (broken.IsTransient && file.Length >= opened.Total)
        {
            // It broke after the last byte: what came has another digest than the source told, so none of it is to be trusted.
            file.SetLength(0);
            throw;
        }
        catch (SourceException broken) when (broken.IsTransient && file.Length - opened.Offset >= Math.Min(WorthAnother, (opened.Total ?? long.MaxValue) / 20))
        {
            return false;
        }
    }

    private async Task CopyAsync(OpenedContent opened, FileStream file, CancellationToken cancel)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (await ReadAsync(opened.Content, buffer, cancel) is > 0 and var count)
            {
                if (file.Length + count > options.MaxSize)
                {
                    throw TooLarge(file.Length + count);
                }

                await file.WriteAsync(buffer.AsMemory(0, count), cancel);
                meter.Advance(file.Length, opened.Total);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<int> ReadAsync(Stream content, byte[] buffer, CancellationToken cancel)
    {
        using var stalled = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        stalled.CancelAfter(options.Stall);
        try
        {
            return await content.ReadAsync(buffer, stalled.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new SourceException($"{source} sent nothing for {options.Stall.TotalSeconds:0.###} s in the middle of the download") { IsTransient = true };
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Each client has exceptions of its own for it.
            throw new SourceException($"the download from {source} broke off: {e.Message.TrimEnd('.')}", e) { IsTransient = true };
        }
    }

    private void CheckLength(long length, long? total)
    {
        if ((total ?? version.Size) is { } expected && length != expected)
        {
            throw new SourceException($"the download from {source} ended after {length} of {expected} bytes") { IsTransient = true };
        }
    }

    private SourceException TooLarge(long size) => new(
        $"{source} is larger than source.maxSize allows: {size} bytes or more, the limit is {options.MaxSize}");
}
