using BlueGreen.Agent.Releases.Commands;

namespace BlueGreen.Agent.Releases;

/// <summary>
/// What a release consists of when it runs, by the convention of the Procfile: <c>web</c>, which takes requests; <c>release</c>, which is
/// run once before anything else of a new release; and any others, which take no requests.
/// </summary>
internal static class ProcessTypes
{
    /// <summary>Takes requests; its processes are the workers.</summary>
    public const string Web = "web";

    /// <summary>Run once, to its end, from a new release before its workers are started.</summary>
    public const string Release = "release";

    /// <summary>The commands of all types but <c>web</c>: what is configured, and what else the release's Procfile has.</summary>
    /// <param name="directory">The release.</param>
    /// <param name="configured">Command lines by type.</param>
    /// <exception cref="ReleaseException">The Procfile cannot be read.</exception>
    public static IReadOnlyDictionary<string, LaunchCommand> Find(string directory, IReadOnlyDictionary<string, string> configured)
    {
        try
        {
            var found = new Dictionary<string, LaunchCommand>(StringComparer.Ordinal);
            foreach (var (type, line) in Procfile.Read(directory) ?? new Dictionary<string, string>())
            {
                found[type] = new LaunchCommand { Line = line, Origin = Procfile.Name, Directory = directory };
            }

            foreach (var (type, line) in configured)
            {
                found[type] = new LaunchCommand { Line = line, Origin = $"processes.{type}", Directory = directory };
            }

            found.Remove(Web);
            return found;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ReleaseException($"cannot read the release's Procfile: {failure.Message}", failure);
        }
    }
}
