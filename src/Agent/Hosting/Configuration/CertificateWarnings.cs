using BlueGreen.Proxy.Tls;

namespace BlueGreen.Agent.Hosting.Configuration;

/// <summary>
/// What is wrong with the files of certificates at this moment. No errors of the configuration: another user may be able to read them,
/// they may come later, and a front starts without them.
/// </summary>
internal static class CertificateWarnings
{
    /// <summary>One line each, which begins with the file's path, in the order of the configuration.</summary>
    public static IEnumerable<string> Of(FrontOptions options) =>
        options.Tls.Certificates.Select(CertificateCheck.FindProblem).OfType<string>();
}
