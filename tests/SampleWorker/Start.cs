namespace BlueGreen.SampleWorker;

/// <summary>What happens before the worker listens.</summary>
internal static class Start
{
    private const int ExitCodeOfDeath = 7;

    /// <summary>Prints, waits, hangs or fails as the behaviour says.</summary>
    /// <returns>Whether the worker ends here, with that exit code.</returns>
    public static bool Fails(Behaviour behaviour, out int exitCode)
    {
        if (behaviour.PrintAtStart is { } line)
            Console.WriteLine(line);
        if (behaviour.ExitAtStart is { } code)
        {
            Console.Error.WriteLine("fatal: cannot reach the database at db.internal:5432");
            Console.Error.WriteLine($"giving up with exit code {code}");
            exitCode = code;
            return true;
        }
        exitCode = 0;
        if (behaviour.HangAtStart)
            Thread.Sleep(Timeout.Infinite);
        Thread.Sleep(behaviour.StartDelay);
        return false;
    }

    /// <summary>Has the worker die after some time, as one does that leaks memory; null where it is not to.</summary>
    public static Timer? BeginDying(Behaviour behaviour) => behaviour.ExitAfter is { } time
        ? new Timer(
            _ =>
            {
                Console.WriteLine("out of memory, or so");
                NativeMethods.ExitAtOnce(ExitCodeOfDeath);
            },
            null, time, Timeout.InfiniteTimeSpan)
        : null;
}
