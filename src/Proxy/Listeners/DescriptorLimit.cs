using System.Runtime.InteropServices;

namespace BlueGreen.Proxy.Listeners;

/// <summary>How many file descriptors this process may have, and what that means for the number of its clients.</summary>
internal static partial class DescriptorLimit
{
    /// <summary>RLIMIT_NOFILE of Linux.</summary>
    private const int OpenFiles = 7;

    /// <summary>What listeners, logs, the control socket, workers and the runtime itself need.</summary>
    private const ulong Others = 256;

    /// <summary>Each client costs memory too; more is not meant by a limit that stands for "unlimited".</summary>
    private const ulong MostClients = 1_000_000;

    /// <summary>The clients this process has descriptors for, with a connection to a worker for each.</summary>
    public static int Clients =>
        // .NET raises the soft limit to the hard one when it starts, so this is all there is.
        GetResourceLimit(OpenFiles, out var limit) == 0 ? ClientsWithin(limit.Soft) : ClientsWithin(1024);

    /// <summary>The clients that so many descriptors are enough for.</summary>
    public static int ClientsWithin(ulong descriptors)
    {
        var others = Math.Min(Others, descriptors / 4);
        return (int)Math.Clamp((descriptors - others) / 2, 1, MostClients);
    }

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetResourceLimit(int resource, out ResourceLimit limit);

    /// <summary>struct rlimit; rlim_t has the size of a pointer's register on the 64-bit systems .NET runs on.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct ResourceLimit
    {
        public readonly nuint Soft;
        public readonly nuint Hard;
    }
}
