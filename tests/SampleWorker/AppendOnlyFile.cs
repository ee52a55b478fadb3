using System.ComponentModel;
using System.Runtime.InteropServices;

namespace BlueGreen.SampleWorker;

/// <summary>
/// A file that several processes append to. <see cref="FileMode.Append"/> only seeks to the end once and would write over
/// what another process has added since, so the file is opened with O_APPEND (open(2)).
/// </summary>
internal sealed class AppendOnlyFile
{
    private const int OwnerReadsAndWrites = 0b110_000_000;
    private readonly int _descriptor;

    /// <summary>Opens the file, which is made if need be; open until the process ends.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public AppendOnlyFile(string path)
    {
        _descriptor = NativeMethods.Open(
            path, NativeMethods.WriteOnly | NativeMethods.Create | NativeMethods.Append | NativeMethods.CloseOnExec, OwnerReadsAndWrites);
        if (_descriptor < 0)
            throw Failed($"{path} cannot be opened");
    }

    /// <summary>Appends the bytes in one write.</summary>
    /// <exception cref="IOException">They were not all written.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (NativeMethods.Write(_descriptor, bytes, bytes.Length) != bytes.Length)
            throw Failed("The record is not written");
    }

    private static IOException Failed(string what) => new($"{what}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
}
