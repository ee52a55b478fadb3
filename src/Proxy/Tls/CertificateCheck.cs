namespace BlueGreen.Proxy.Tls;

/// <summary>Looks at the files of a certificate without using them.</summary>
public static class CertificateCheck
{
    /// <summary>Why the files give no certificate, in one line that begins with a path; null: they do.</summary>
    public static string? FindProblem(CertificateOptions options) => CertificateReader.Read(options, CertificateContent.Read(options)).Problem;
}
