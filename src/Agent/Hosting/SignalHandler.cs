using System.Runtime.InteropServices;

namespace BlueGreen.Agent.Hosting;

/// <summary>
/// The front's signals. Registered before anything else happens, because an unhandled USR2 or HUP ends a process; what arrives before
/// the front is ready for it is kept and delivered then.
/// </summary>
internal static class SignalHandler
{
    /// <summary>SIGUSR2 on Linux (signal(7)); .NET has no name for it, but takes the raw number.</summary>
    public const PosixSignal Usr2 = (PosixSignal)12;

    // Kept for the life of the process: a registration that is collected takes its handler with it.
    private static readonly List<PosixSignalRegistration> Registrations = [];
    private static readonly Lock Gate = new();
    private static readonly List<PosixSignal> Pending = [];
    private static Action<PosixSignal>? _receiver;

    /// <summary>Takes over USR2, HUP, TERM and INT. The first thing a front does.</summary>
    public static void Register()
    {
        foreach (var signal in new[] { Usr2, PosixSignal.SIGHUP, PosixSignal.SIGTERM, PosixSignal.SIGINT })
        {
            Registrations.Add(PosixSignalRegistration.Create(signal, Handle));
        }
    }

    /// <summary>Delivers signals from now on, those that have waited first.</summary>
    public static void DeliverTo(Action<PosixSignal> receiver)
    {
        lock (Gate)
        {
            _receiver = receiver;
            Pending.ForEach(receiver);
            Pending.Clear();
        }
    }

    private static void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        lock (Gate)
        {
            if (_receiver is { } receiver)
            {
                receiver(context.Signal);
            }
            else
            {
                Pending.Add(context.Signal);
            }
        }
    }
}
