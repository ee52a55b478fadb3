using System.Globalization;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Proxy.Tls;

/// <summary>
/// One configured certificate over time: the last good one of its files, and what was said about the files since. Belongs to its
/// <see cref="CertificateKeeper"/>, under whose lock it is used.
/// </summary>
/// <param name="options">Where it is read from.</param>
/// <param name="last">What is in use already, until the files give a better one.</param>
/// <param name="logger">Gets one line for each change.</param>
internal sealed class KeptCertificate(CertificateOptions options, ServerCertificate? last, ILogger logger)
{
    /// <summary>Certificates that are renewed in time are replaced long before.</summary>
    private static readonly TimeSpan ExpiresSoon = TimeSpan.FromDays(7);

    private string? _fingerprint;
    private CertificateReading _read;
    private string? _said;

    public CertificateOptions Options => options;

    /// <summary>The last good one; null: there has been none.</summary>
    public ServerCertificate? Current { get; private set; } = last;

    /// <summary>The hosts it is for; empty while there is none.</summary>
    public IReadOnlyList<string> Names => options.Hosts.Count > 0 ? options.Hosts : Current?.Names ?? [];

    /// <summary>Whether the options say the same as this one's.</summary>
    public bool IsOf(CertificateOptions other) =>
        IsOfSameFiles(other) && other.Password == options.Password && other.Hosts.SequenceEqual(options.Hosts);

    /// <summary>Whether it is the same certificate, perhaps with another password or for other hosts.</summary>
    public bool IsOfSameFiles(CertificateOptions other) => other.Certificate == options.Certificate && other.Key == options.Key;

    /// <summary>Reads the files again.</summary>
    /// <param name="isAsked">Somebody asked for it, so what is wrong is said at once, and again.</param>
    /// <param name="now">The time that validity is judged by.</param>
    /// <returns>Whether <see cref="Current"/> is another one now.</returns>
    public bool Look(bool isAsked, DateTimeOffset now)
    {
        var content = CertificateContent.Read(options);
        var isSettled = content.Fingerprint == _fingerprint;
        if (!isSettled)
        {
            _read = CertificateReader.Read(options, content);
            _fingerprint = content.Fingerprint;
        }

        var hasChanged = _read.Certificate is { } read && read != Current && IsBetter(read, now);
        if (hasChanged)
        {
            Current = _read.Certificate;
            logger.LogInformation("{Certificate} is in use for {Hosts}, valid until {Until}",
                options.Certificate, Names.Count == 0 ? "clients that name no host" : string.Join(", ", Names), Text(Current!.ValidUntil));
        }

        if (isAsked)
        {
            _said = null;
        }

        // A key and a certificate are written one after the other: only what is still wrong at the next look is worth a line.
        if (isAsked || isSettled || _read.Problem is null)
        {
            Say(now);
        }

        return hasChanged;
    }

    /// <summary>One that clients would refuse does not take the place of one that they accept; nothing else is worth less than nothing.</summary>
    private bool IsBetter(ServerCertificate read, DateTimeOffset now) => Current is null || read.IsValidAt(now) || !Current.IsValidAt(now);

    private void Say(DateTimeOffset now)
    {
        var wrong = _read.Problem ?? (_read.Certificate != Current ? Validity(_read.Certificate!, now) : null);
        var (level, text) = wrong is not null ? (LogLevel.Error, $"{wrong}. {Meanwhile()}") : Concern(Current!, now);
        if (text != _said && text is not null)
        {
            logger.Log(level, "TLS certificate {Problem}", text);
        }

        _said = text;
    }

    private string Meanwhile() => Current is null
        ? "Until then clients get the first certificate that can be used, for these hosts too"
        : $"The one that was read before stays in use; it is valid until {Text(Current.ValidUntil)}";

    /// <summary>What is not right about one that is in use all the same.</summary>
    private (LogLevel Level, string? Text) Concern(ServerCertificate current, DateTimeOffset now)
    {
        if (!current.IsValidAt(now))
        {
            return (LogLevel.Error, $"{Validity(current, now)}. It is in use all the same, and clients refuse it");
        }

        if (options.Hosts.FirstOrDefault(host => !IsNamed(host, current)) is { } host)
        {
            return (LogLevel.Warning, $"{options.Certificate}: does not name {host}, so clients refuse it for that host; get one that does, or correct hosts");
        }

        // Some live for days only.
        var soon = TimeSpan.FromTicks(Math.Min(ExpiresSoon.Ticks, (current.ValidUntil - current.ValidFrom).Ticks / 4));
        return current.ValidUntil - now < soon
            ? (LogLevel.Warning, $"{options.Certificate}: expires at {Text(current.ValidUntil)}; renew it")
            : (LogLevel.None, null);
    }

    private static bool IsNamed(string host, ServerCertificate certificate) =>
        certificate.Names.Contains(host) || (!host.StartsWith('*') && new CertificateTable([(certificate.Names, certificate)]).Names(host));

    private string Validity(ServerCertificate certificate, DateTimeOffset now) => now < certificate.ValidFrom
        ? $"{options.Certificate}: is not valid before {Text(certificate.ValidFrom)}; check the clock of this machine"
        : $"{options.Certificate}: has expired at {Text(certificate.ValidUntil)}; renew it";

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
