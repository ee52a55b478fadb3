using System.Net;
using System.Security.Cryptography;

namespace BlueGreen.EndToEnd.Tests.Harness;

/// <summary>A body of random bytes that stops in its middle until it is told to go on.</summary>
/// <param name="bytes">Its length.</param>
public sealed class PacedBody(long bytes) : HttpContent
{
    private const int Block = 64 * 1024;
    private readonly TaskCompletionSource _half = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Completes when half of it is sent.</summary>
    public Task Half => _half.Task;

    /// <summary>The SHA-256 of what was sent, once that is all.</summary>
    public string Sha256 => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>Has it go on.</summary>
    public void GoOn() => _goOn.TrySetResult();

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        var block = new byte[Block];
        var random = new Random(Seed: 1);
        for (var left = bytes; left > 0;)
        {
            if (left <= bytes / 2 && !_half.Task.IsCompleted)
            {
                await stream.FlushAsync(TestContext.Current.CancellationToken);
                _half.SetResult();
                await _goOn.Task.WaitAsync(TestContext.Current.CancellationToken);
            }

            var next = (int)Math.Min(left, Block);
            random.NextBytes(block.AsSpan(0, next));
            _hash.AppendData(block, 0, next);
            await stream.WriteAsync(block.AsMemory(0, next), TestContext.Current.CancellationToken);
            left -= next;
        }
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = bytes;
        return true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _hash.Dispose();
        base.Dispose(disposing);
    }
}
