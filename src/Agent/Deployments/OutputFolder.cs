using BlueGreen.Agent.State;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Deployments;

/// <summary>Where the output of what runs for an app goes.</summary>
internal static class OutputFolder
{
    /// <summary>The folder, made where it is not there. What has no place for its output runs all the same.</summary>
    public static string Of(StateDirectory directory, string app, ILogger logger)
    {
        var folder = directory.LogsOf(app);
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.LogError("The output of workers of {App} is lost: {Reason}", app, e.Message);
        }

        return folder;
    }
}
