using Microsoft.Extensions.Logging;

namespace BlueGreen.Proxy.Tls;

/// <summary>
/// Keeps the certificates of a front as their files have them. Looks at the files every few seconds rather than be told by the kernel:
/// that sees links that are swapped (certbot, Kubernetes) and files on any file system, and two small files are quickly read. A bad
/// certificate never stops the others. One lock owns everything here.
/// </summary>
/// <param name="publish">Gets the table that counts from now on.</param>
/// <param name="logger">Gets a line for each certificate that is taken and for each that cannot be.</param>
/// <param name="time">The clock that validity is judged by.</param>
public sealed class CertificateKeeper(Action<CertificateTable> publish, ILogger<CertificateKeeper> logger, TimeProvider time)
{
    /// <summary>Between two looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private List<KeptCertificate> _kept = [];

    /// <summary>Takes up a configuration and reads its files now. What was in use of the same files stays so until there is better.</summary>
    public void Configure(TlsOptions options)
    {
        lock (_lock)
        {
            var before = _kept;
            _kept = [.. options.Certificates.Select(certificate =>
                before.Find(kept => kept.IsOf(certificate))
                ?? new KeptCertificate(certificate, before.Find(kept => kept.IsOfSameFiles(certificate))?.Current, logger))];
            _kept.ForEach(kept => Look(kept, isAsked: true));
            Publish();
        }
    }

    /// <summary>Looks every <see cref="Interval"/> until the returned timer is disposed.</summary>
    public ITimer Start() => time.CreateTimer(_ => Look(), null, Interval, Interval);

    private void Look()
    {
        // A slow disk must not have the looks queue up.
        if (!_lock.TryEnter())
        {
            return;
        }

        try
        {
            var hasChanged = false;
            foreach (var kept in _kept)
            {
                hasChanged |= Look(kept, isAsked: false);
            }

            if (hasChanged)
            {
                Publish();
            }
        }
        finally
        {
            _lock.Exit();
        }
    }

    private bool Look(KeptCertificate kept, bool isAsked)
    {
        try
        {
            return kept.Look(isAsked, time.GetUtcNow());
        }
        catch (Exception e)
        {
            // The others, and the front, go on.
            logger.LogCritical(e, "TLS certificate {Certificate} could not be looked at: unexpected error", kept.Options.Certificate);
            return false;
        }
    }

    private void Publish() => publish(new CertificateTable(
        [.. _kept.Where(kept => kept.Current is not null).Select(kept => (kept.Names, kept.Current!))]));
}
