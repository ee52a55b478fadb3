using BlueGreen.Agent.Releases;
using BlueGreen.Agent.Releases.Verification;

namespace BlueGreen.Agent.Hosting.Configuration;

/// <summary>
/// What is wrong with the files of trusted keys at this moment. No errors of the configuration: another user may be able to read them, and
/// a front serves without them; it only takes no release.
/// </summary>
internal static class TrustWarnings
{
    /// <summary>One line each, in the order of the configuration.</summary>
    public static IEnumerable<string> Of(FrontOptions options)
    {
        foreach (var key in options.Apps.SelectMany(app => app.Trust.Keys).Distinct())
        {
            string? problem = null;
            try
            {
                TrustedKeyText.Read(key);
            }
            catch (ReleaseException e)
            {
                problem = e.Message;
            }

            if (problem is not null)
            {
                yield return problem;
            }
        }
    }
}
