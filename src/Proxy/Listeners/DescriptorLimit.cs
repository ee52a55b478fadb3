using System.Runtime.InteropServices;

namespace BlueGreen.Proxy.Listeners;

/// <summary>How many file descriptors this process may have, and what that means for the number of its clients.</summary>
internal static partial class DescriptorLimit
{
    /// <summary>RLIMIT_NOFILE of Linux.</summary>
    private const int OpenFiles = 7;

    /// <summary>What everything else needs: two for each assembly, about 200 in all, and logs, workers, sockets that are not traffic.</summary>
    private const ulong Others = 384;

    /// <summary>What a process has that is told of no limit: the kernel's own default.</summary>
    private const ulong Usual = 1024;

    /// <summary>Each client costs memory too; more is not meant by a limit that stands for "unlimited".</summary>
    private const ulong MostClients = 1_000_000;

    /// <summary>The descriptors this process may have. .NET raises the soft limit to the hard one when it starts, so this is all there is.</summary>
    public static ulong Current => GetResourceLimit(OpenFiles, out var limit) == 0 ? limit.Soft : Usual;

    /// <summary>The clients this process has descriptors for, with a connection to a worker for each.</summary>
    public static int Clients => ClientsWithin(Current);

    /// <summary>The clients that so many descriptors are enough for.</summary>
    public static int ClientsWithin(ulong descriptors)
    {
        var others = Math.Min(Others, descriptors / 4 * 3);
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
