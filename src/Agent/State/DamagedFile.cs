using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.State;

/// <summary>A file that could not be read, kept for a look under a name of its own.</summary>
internal static class DamagedFile
{
    /// <summary>Keeps it where it can be, the latest only. Not to be able to is no reason to fail.</summary>
    /// <param name="path">The file, or what is in its place.</param>
    /// <param name="name">What it was to be: the name is this with <c>.damaged</c>.</param>
    /// <param name="logger">Told.</param>
    public static void Keep(string path, string name, ILogger logger)
    {
        var aside = name + ".damaged";
        try
        {
            if (Directory.Exists(aside))
            {
                Directory.Delete(aside, recursive: true);
            }

            File.Delete(aside);
            if (Directory.Exists(path))
            {
                Directory.Move(path, aside);
            }
            else
            {
                // A second name: what can be read of it is needed until the next change is written.
                DurableFile.AddName(path, aside);
            }

            logger.LogWarning("{Path} is kept for a look as {Aside}", path, aside);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning("{Path} cannot be kept as {Aside}: {Reason}", path, aside, e.Message);
        }
    }
}
