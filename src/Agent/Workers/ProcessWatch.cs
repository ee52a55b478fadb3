using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BlueGreen.Agent.Workers;

/// <summary>
/// Notices the end of a process that is not the front's child, by a pidfd (pidfd_open(2)). The kernel wakes a waiting thread, so
/// nothing is asked again and again. The watch frees itself when the process has ended.
/// </summary>
internal static partial class ProcessWatch
{
    /// <summary>The number is the same on all architectures; C libraries older than this call have no name for it.</summary>
    private const nint PidfdOpen = 434;

    private const int NoSuchProcess = 3; // ESRCH
    private const short Readable = 1; // POLLIN
    private const int AtOnce = 0;
    private const int Forever = -1;

    /// <summary>All the thread does is wait; by default it would set 1.5 to 8 MB of address space aside.</summary>
    private const int StackBytes = 128 * 1024;

    /// <summary>Watches a process.</summary>
    /// <param name="expected">The process meant; another one with its pid is not.</param>
    /// <returns>Completes when it has ended, reaped or not. Null when it has ended already.</returns>
    /// <exception cref="IOException">The kernel does not allow it: older than 5.3, a sandbox, or too many open files.</exception>
    public static Task? Begin(ProcessIdentity expected)
    {
        var handle = Open(expected.Pid);
        // Looked at after the pid was pinned: what is seen now is what the handle stands for, unless it is gone, and then it is seen below.
        if (handle is null || ProcessIdentity.Of(expected.Pid) != expected || HasEnded(handle, AtOnce))
        {
            handle?.Dispose();
            return null;
        }

        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(Wait, StackBytes) { IsBackground = true, Name = $"watch {expected.Pid}" }.Start();
        return ended.Task;

        void Wait()
        {
            using (handle)
            {
                while (!HasEnded(handle, Forever))
                {
                    // A signal to the front's own process (poll(2), EINTR).
                }
            }

            ended.SetResult();
        }
    }

    private static SafeFileHandle? Open(int pid)
    {
        var handle = (int)syscall(PidfdOpen, pid, 0);
        if (handle >= 0)
        {
            return new SafeFileHandle(handle, ownsHandle: true);
        }

        var error = Marshal.GetLastPInvokeError();
        return error == NoSuchProcess ? null : throw new IOException($"process {pid} cannot be watched: {new Win32Exception(error).Message}");
    }

    private static bool HasEnded(SafeFileHandle process, int timeoutMs)
    {
        var asked = new PollFd { Handle = (int)process.DangerousGetHandle(), Asked = Readable };
        return poll(ref asked, 1, timeoutMs) > 0;
    }

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint syscall(nint number, nint first, nint second);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int poll(ref PollFd asked, nuint count, int timeoutMs);

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PollFd
    {
        public int Handle;
        public short Asked;
        public short Answered;
    }
}
