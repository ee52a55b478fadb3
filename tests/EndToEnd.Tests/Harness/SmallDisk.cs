namespace BlueGreen.EndToEnd.Tests.Harness;

/// <summary>
/// A state folder on a file system of its own, of a few megabytes, in a mount name space that only the front and its workers are in
/// (unshare(1)): so it can be filled up and made read-only without touching the machine's. Root or not, anybody can.
/// </summary>
public sealed class SmallDisk
{
    private const int Megabytes = 8;

    private readonly TestFolder _folder;
    private readonly int _pid;

    private SmallDisk(TestFolder folder, int pid)
    {
        _folder = folder;
        _pid = pid;
    }

    /// <summary>The state folder, as it is reached from here (proc(5), /proc/PID/root).</summary>
    public string State => $"/proc/{_pid}/root{_folder.State}";

    private string Filler => Path.Combine(State, "filler");

    /// <summary>Starts a front on such a disk and waits until it listens.</summary>
    /// <param name="folder">Its working folder.</param>
    /// <param name="release">What it deploys first.</param>
    /// <param name="then">A shell command for when the front has ended, killed or not; $code is its exit code.</param>
    public static async Task<(Front Front, SmallDisk Disk)> StartAsync(TestFolder folder, string release, string then = "exit")
    {
        ArgumentNullException.ThrowIfNull(folder);
        folder.ConfigureByDefault("apps: {web: {probation: 0s}}\n");
        Directory.CreateDirectory(folder.State);
        var script = $"""
            mount -t tmpfs -o size={Megabytes}m,mode=700 none {folder.State} || exit
            {Programs.Bluegreen} run --state {folder.State} --listen http://127.0.0.1:0 {release} &
            trap 'kill -TERM $!' TERM
            wait $!; code=$?
            # A wait that the signal has ended is begun again.
            while kill -0 $! 2>/dev/null; do wait $!; code=$?; done
            {then}
            """;
        var process = StartedProcess.Start(
            "unshare", ["--user", "--map-root-user", "--mount", "sh", "-c", script], folder.Root,
            new Dictionary<string, string> { [TestFolder.Mark] = folder.State });
        var disk = new SmallDisk(folder, process.Pid);
        var front = new Front(process, folder, disk.State);
        try
        {
            await front.ReadyAsync();
            return (front, disk);
        }
        catch
        {
            await front.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes until nothing fits any more.</summary>
    public void FillUp()
    {
        using var file = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            for (var written = 0; written <= Megabytes << 20; written += block.Length)
                file.Write(block);
            Assert.Fail("the disk is larger than it should be");
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <summary>Makes room again.</summary>
    public void Free() => File.Delete(Filler);

    /// <summary>Lets nothing be written below the state folder: a second mount over it, since files are open for writing in the first.</summary>
    public Task MakeReadOnlyAsync() => InsideAsync($"mount --bind {_folder.State} {_folder.State} && mount -o remount,bind,ro {_folder.State}");

    /// <summary>Undoes that.</summary>
    public Task MakeWritableAsync() => InsideAsync($"mount -o remount,bind,rw {_folder.State}");

    private async Task InsideAsync(string command)
    {
        await using var process = StartedProcess.Start(
            "nsenter", ["--target", $"{_pid}", "--user", "--mount", "--preserve-credentials", "sh", "-c", command], _folder.Root);
        var done = await CliResult.OfAsync(process);
        Assert.True(done.Code == 0, done.ToString());
    }
}
