using System.Globalization;
using BlueGreen.Agent.Hosting;
using BlueGreen.Agent.State;
using BlueGreen.Agent.Tests.Cli;
using BlueGreen.Agent.Tests.Releases;

namespace BlueGreen.Agent.Tests.Hosting;

public sealed class FrontLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StateDirectory _directory;

    public FrontLockTests()
    {
        _directory = new StateDirectory(_folder["s"]);
        _directory.Create();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_second_front_is_refused_while_the_first_has_the_folder()
    {
        using (FrontLock.Take(_directory))
        {
            var refusal = Assert.Throws<UserError>(() => FrontLock.Take(_directory));
            Assert.Equal(
                $"a front with pid {Environment.ProcessId} already runs here ({_directory.Root}); stop it with 'bluegreen stop', or choose another --state",
                refusal.Message);
            Assert.Equal(ExitCodes.Refused, refusal.ExitCode);
        }

        FrontLock.Take(_directory).Dispose();
    }

    [Theory]
    [InlineData("front.lock")]
    [InlineData("front.pid")]
    public void Files_that_cannot_be_opened_are_the_users_to_put_right(string name)
    {
        // For anybody but root a file of another user's does the same.
        Directory.CreateDirectory(_folder["s/" + name]);

        var refusal = Assert.Throws<UserError>(() => FrontLock.Take(_directory));

        Assert.StartsWith($"the state folder {_directory.Root} cannot be used: ", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, refusal.ExitCode);
        Directory.Delete(_folder["s/" + name]);
        FrontLock.Take(_directory).Dispose();
    }

    [Fact(Timeout = 60_000)]
    public async Task The_folder_is_free_when_its_front_was_killed_though_a_worker_lives_on()
    {
        var source = _folder.Script("v1", $"echo $$ > {_folder["worker.pid"]}\nexec sleep 600\n");
        string[] arguments = ["run", source, "--listen", "http://127.0.0.1:0", "--state", _directory.Root];
        await using var front = BlueGreenProgram.Start(_folder.Path, arguments);
        await front.PrintedAsync(" listens on ");
        await Eventually.TrueAsync(() => File.Exists(_folder["worker.pid"]) && File.ReadAllText(_folder["worker.pid"]).EndsWith('\n'));
        var worker = int.Parse(await File.ReadAllTextAsync(_folder["worker.pid"], Token), CultureInfo.InvariantCulture);
        try
        {
            var second = await BlueGreenProgram.RunAsync(_folder.Path, arguments);
            Assert.Equal(
                (ExitCodes.Refused, "", $"bluegreen: a front with pid {front.Pid} already runs here ({_directory.Root}); stop it with 'bluegreen stop', or choose another --state\n"),
                second);

            await front.SignalAsync("KILL");
            await front.EndAsync();

            Assert.True(ProcessRow.Find(worker)?.IsAlive);
            FrontLock.Take(_directory).Dispose();
        }
        finally
        {
            System.Diagnostics.Process.GetProcessById(worker).Kill();
        }
    }
}
