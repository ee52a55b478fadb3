using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace BlueGreen.Proxy.Exchanges;

/// <summary>
/// What comes after an upgrade, over HTTP/1.1 or HTTP/2 (RFC 8441), with what goes to the client counted. Stands in for the feature that
/// makes the upgrade until that is asked for.
/// </summary>
internal sealed class CountedTunnel : IByteCount, IHttpUpgradeFeature, IHttpExtendedConnectFeature
{
    private readonly IHttpUpgradeFeature? _upgrade;
    private readonly IHttpExtendedConnectFeature? _connect;
    private long _bytes;

    private CountedTunnel(HttpContext context)
    {
        _upgrade = context.Features.Get<IHttpUpgradeFeature>();
        _connect = context.Features.Get<IHttpExtendedConnectFeature>();
    }

    public long Bytes => _bytes;

    public bool IsUpgradableRequest => _upgrade is { IsUpgradableRequest: true };

    public bool IsExtendedConnect => _connect is { IsExtendedConnect: true };

    public string? Protocol => _connect?.Protocol;

    /// <summary>Counts what follows the upgrade of this request.</summary>
    public static CountedTunnel Await(HttpContext context)
    {
        var tunnel = new CountedTunnel(context);
        if (tunnel._upgrade is not null)
        {
            context.Features.Set<IHttpUpgradeFeature>(tunnel);
        }

        if (tunnel._connect is not null)
        {
            context.Features.Set<IHttpExtendedConnectFeature>(tunnel);
        }

        return tunnel;
    }

    public async Task<Stream> UpgradeAsync() => new Ends(this, await _upgrade!.UpgradeAsync());

    public async ValueTask<Stream> AcceptAsync() => new Ends(this, await _connect!.AcceptAsync());

    /// <summary>Both directions; only asynchronous calls, as Kestrel's own has them.</summary>
    private sealed class Ends(CountedTunnel tunnel, Stream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.ReadAsync(buffer, cancellationToken);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            tunnel._bytes += buffer.Length;
            return inner.WriteAsync(buffer, cancellationToken);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
