using System.Runtime.InteropServices;

namespace BlueGreen.SampleWorker;

/// <summary>The system calls for which .NET has no equal.</summary>
internal static partial class NativeMethods
{
    public const int WriteOnly = 0x1;
    public const int Create = 0x40;
    public const int Append = 0x400;
    public const int CloseOnExec = 0x80000;

    /// <summary>_exit(2): ends the process without any handler, unlike <see cref="Environment.Exit"/>, which stops the host first.</summary>
    [LibraryImport("libc", EntryPoint = "_exit")]
    public static partial void ExitAtOnce(int code);

    /// <summary>open(2).</summary>
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags, int mode);

    /// <summary>write(2).</summary>
    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, ReadOnlySpan<byte> bytes, nint count);
}
