using System.Runtime.InteropServices;

namespace BlueGreen.Agent.Tests;

/// <summary>
/// Permissions do not stop root. This lets a thread of its own ask for files as somebody else (setfsuid(2)), where the tests run as root;
/// elsewhere as who they are. The group stays, so what the group may do decides.
/// </summary>
internal static class AsNobodySpecial
{
    private const uint Nobody = 65534;

    public static void Do(Action action)
    {
        Exception? thrown = null;
        var thread = new Thread(() =>
        {
            _ = Environment.IsPrivilegedProcess ? setfsuid(Nobody) : 0;
            thrown = Record.Exception(action);
        });
        thread.Start();
        thread.Join();
        if (thrown is not null)
        {
            throw new InvalidOperationException($"On the other thread: {thrown.Message}", thrown);
        }
    }

    public static T Get<T>(Func<T> function)
    {
        T result = default!;
        Do(() => result = function());
        return result;
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int setfsuid(uint user);
}
