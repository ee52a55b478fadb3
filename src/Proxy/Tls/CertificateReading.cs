namespace BlueGreen.Proxy.Tls;

/// <summary>What came of making a certificate of the content of its files.</summary>
/// <param name="Certificate">Ready for handshakes; null where <paramref name="Problem"/> says why there is none.</param>
/// <param name="Problem">One line: which file, what is wrong, what to do. Never holds a password or a part of a key.</param>
internal readonly record struct CertificateReading(ServerCertificate? Certificate, string? Problem)
{
    public static CertificateReading Of(ServerCertificate certificate) => new(certificate, null);

    public static CertificateReading Bad(string problem) => new(null, problem);
}
