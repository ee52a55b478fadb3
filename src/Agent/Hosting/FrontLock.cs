using System.Globalization;
using BlueGreen.Agent.State;

namespace BlueGreen.Agent.Hosting;

/// <summary>
/// One front per state folder: a lock (flock(2)) the kernel gives back when its holder dies, however that happens, so it can never
/// be left behind. A file beside it holds the holder's pid, for the message to the next one.
/// </summary>
internal sealed class FrontLock : IDisposable
{
    private readonly FileStream _lock;

    private FrontLock(FileStream held)
    {
        _lock = held;
    }

    /// <summary>Takes the folder.</summary>
    /// <exception cref="UserError">A front uses it already, or its files are not this user's.</exception>
    public static FrontLock Take(StateDirectory directory)
    {
        FileStream held;
        try
        {
            held = new FileStream(directory.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new UserError(
                $"a front{Holder(directory)} already runs here ({directory.Root}); stop it with 'bluegreen stop', or choose another --state",
                ExitCodes.Refused);
        }

        catch (UnauthorizedAccessException e)
        {
            throw Unusable(directory, e);
        }

        try
        {
            File.WriteAllText(directory.PidFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            held.Dispose();
            throw Unusable(directory, e);
        }

        return new FrontLock(held);
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static UserError Unusable(StateDirectory directory, Exception e) =>
        new($"the state folder {directory.Root} cannot be used: {e.Message} Run as the user it belongs to, or choose another with --state");

    private static string Holder(StateDirectory directory) =>
        File.Exists(directory.PidFile) ? $" with pid {File.ReadAllText(directory.PidFile).Trim()}" : "";
}
