using BlueGreen.Agent.State;
using BlueGreen.Agent.Workers;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Hosting;

/// <summary>Looks after the size of the workers' log files.</summary>
internal sealed class LogRotation(StateDirectory directory, ILogger<LogRotation> logger, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Looks every few seconds until the returned timer is disposed.</summary>
    public ITimer Start() => time.CreateTimer(_ => Look(), null, Interval, Interval);

    private void Look()
    {
        try
        {
            foreach (var path in Directory.EnumerateFiles(directory.Logs, "*.log", SearchOption.AllDirectories))
            {
                // Access logs are there too, and look after themselves.
                if (WorkerLogs.ReleaseOf(Path.GetFileName(path)) is not null)
                {
                    Look(path);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning("Cannot look after the workers' logs: {Reason}", e.Message);
        }
    }

    private void Look(string path)
    {
        try
        {
            if (new FileInfo(path).Length >= WorkerLog.MaxBytes && new WorkerLog(path).RotateWhenTooLarge())
            {
                logger.LogInformation("Set aside {Log}, which had grown to {MiB} MiB", path, WorkerLog.MaxBytes >> 20);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The others are looked after all the same.
            logger.LogWarning("Cannot set aside {Log}: {Reason}", path, e.Message);
        }
    }
}
