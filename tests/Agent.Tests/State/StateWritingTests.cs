using System.Globalization;
using System.Runtime.InteropServices;
using BlueGreen.Agent.State;
using BlueGreen.Agent.Tests.Releases;

namespace BlueGreen.Agent.Tests.State;

/// <summary>A disk that does not take what is written: nothing has changed, and when it takes it again all goes on.</summary>
[Collection(nameof(Alone))]
public sealed class StateWritingTests : IDisposable
{
    private const string MostBytes = "1000000";

    /// <summary>More than that when it is written.</summary>
    private static readonly AppState Large = new() { History = [.. Enumerable.Range(1, 100_000)] };

    private readonly TemporaryFolder _folder = new();
    private readonly CapturedLog<StateFile> _log = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 30_000)]
    public async Task A_file_that_ends_in_the_middle_of_a_write_changes_nothing()
    {
        var state = Open();
        state.Update("web", before => before with { Active = 1 });
        state.Update("web", before => before with { Active = 2 });
        string[] files = ["state.json", "state.json.previous"];
        // The kernel's limit on the size of files stands for a full disk: it cuts a write in the middle, and everybody may set it. It
        // sends a signal too, which by default ends the program.
        using (PosixSignalRegistration.Create((PosixSignal)25, context => context.Cancel = true))
        {
            await LimitFilesAsync(MostBytes);
            try
            {
                var refusal = Assert.Throws<StateException>(() => state.Update("web", _ => Large));

                Assert.StartsWith($"cannot write {_folder["state.json"]}: ", refusal.Message, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', refusal.Message);
                Assert.Equal(files, _folder.Tree());
                Assert.Equal(2, state.Current.App("web").Active);
                Assert.Equal(2, Open().Current.App("web").Active);
                state.Update("web", before => before with { Active = 3 });
            }
            finally
            {
                await LimitFilesAsync("unlimited");
            }
        }

        state.Update("web", _ => Large);
        Assert.Equal(100_000, Open().Current.App("web").History.Length);
        Assert.Equal(files, _folder.Tree());
        Assert.Empty(_log.Lines);
    }

    [Fact(Timeout = 30_000)]
    public void A_folder_that_is_read_only_for_a_while_changes_nothing_meanwhile()
    {
        var state = Open();
        state.Update("web", before => before with { Active = 1 });
        StateException? refusal = null;
        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute);
        AsNobodySpecial.Do(() => refusal = Assert.Throws<StateException>(() => state.Update("web", before => before with { Active = 2 })));
        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        Assert.StartsWith($"cannot write {_folder["state.json"]}: ", refusal!.Message, StringComparison.Ordinal);
        Assert.Equal(1, state.Current.App("web").Active);
        Assert.Equal(1, Open().Current.App("web").Active);
        state.Update("web", before => before with { Active = 3 });
        Assert.Equal(3, Open().Current.App("web").Active);
    }

    private static async Task LimitFilesAsync(string bytes) =>
        await CliWrap.Cli.Wrap("prlimit")
            .WithArguments([$"--pid={Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}", $"--fsize={bytes}:"])
            .ExecuteAsync(TestContext.Current.CancellationToken);

    private StateFile Open() => StateFile.Open(_folder.Path, _log);
}
