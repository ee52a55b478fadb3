using BlueGreen.Agent.State;
using BlueGreen.Agent.Tests.Releases;

namespace BlueGreen.Agent.Tests.State;

public sealed class StateFileTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly AppState Rich = new()
    {
        Generation = 9,
        LastRelease = 7,
        Active = 7,
        History = [3, 5],
        LastDeploy = new LastDeploy("/srv/v7", "./server --port $PORT"),
        Source = new SourceMark("https://x/y", "etag \"1\"", "sha256:00", "v7", SourceMark.Failed),
        Deployment = new JournaledDeployment("deploy", "probing", 8, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)),
        Workers = [new JournaledWorker("web.7.1", 7, 9, 4711, 123456, "boot", "127.0.0.1:40001")],
    };

    private readonly TemporaryFolder _folder = new();
    private readonly CapturedLog<StateFile> _log = new();

    private string Current => _folder["state.json"];

    private string Previous => _folder["state.json.previous"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_without_state_begins_with_an_empty_one()
    {
        var state = Open();

        Assert.Empty(state.Current.Apps);
        Assert.Equal(new AppState(), state.Current.App("web"));
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        Open().Update("web", _ => Rich);

        var read = Open().Current.App("web");

        Assert.Equal(Rich with { History = read.History, Workers = read.Workers }, read);
        Assert.Equal(Rich.History, read.History);
        Assert.Equal(Rich.Workers, read.Workers);
        Assert.Empty(_log.Lines);
    }

    [Theory]
    [InlineData("/srv/v7")]
    [InlineData("https://me:secret@example.com/app.tar.gz?x=y")]
    [InlineData("s3://builds/web/")]
    [InlineData("github://acme/web@v1")]
    public void A_deploy_from_anywhere_is_remembered(string source)
    {
        Open().Update("web", before => before with { LastDeploy = new LastDeploy(source, null) });

        Assert.Equal(source, Open().Current.App("web").LastDeploy!.Source);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Current));
    }

    [Fact]
    public void An_app_of_which_little_is_written_has_defaults_for_the_rest()
    {
        _folder.Write("state.json", """{"version":1,"apps":{"web":{"active":3}}}""");

        var app = Open().Current.App("web");

        Assert.Equal(3, app.Active);
        Assert.Empty(app.History);
        Assert.Empty(app.Workers);
    }

    [Fact]
    public void The_copy_before_the_last_change_is_kept()
    {
        var state = Open();
        state.Update("web", before => before with { Active = 1 });
        var first = File.ReadAllText(Current);

        state.Update("web", before => before with { Active = 2 });

        Assert.Equal(first, File.ReadAllText(Previous));
        Assert.NotEqual(first, File.ReadAllText(Current));
    }

    [Fact]
    public void Both_copies_may_be_read_by_their_owner_only()
    {
        var state = Open();
        state.Update("web", before => before with { Active = 1 });
        state.Update("web", before => before with { Active = 2 });

        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Current));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Previous));
        Assert.Equal(["state.json", "state.json.previous"], _folder.Tree());
    }

    [Fact]
    public void A_temporary_file_that_a_crash_left_harms_nothing()
    {
        Open().Update("web", before => before with { Active = 1 });
        _folder.Write("state.json.tmp", new string('x', 100_000), OwnerOnly | UnixFileMode.OtherRead);

        var state = Open();
        Assert.Equal(1, state.Current.App("web").Active);
        state.Update("web", before => before with { Active = 2 });

        Assert.Equal(2, Open().Current.App("web").Active);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Current));
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public void A_file_cut_off_anywhere_falls_back_to_the_copy_before()
    {
        var state = Open();
        state.Update("web", before => before with { Active = 1 });
        state.Update("web", _ => Rich);
        var whole = File.ReadAllBytes(Current);

        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Current, whole[..length]);
            Assert.Equal(1, Open().Current.App("web").Active);
        }
    }

    [Fact]
    public void Where_only_the_copy_before_is_left_it_is_read()
    {
        var state = Open();
        state.Update("web", before => before with { Active = 1 });
        state.Update("web", before => before with { Active = 2 });
        File.Delete(Current);

        Assert.Equal(1, Open().Current.App("web").Active);
    }

    [Fact]
    public void A_change_after_a_fall_back_does_not_push_the_good_copy_out_with_the_damaged_one()
    {
        var state = Open();
        state.Update("web", before => before with { Active = 1 });
        state.Update("web", before => before with { Active = 2 });
        File.WriteAllText(Current, "{");

        Open().Update("web", before => before with { Active = 3 });

        Assert.Equal(3, Open().Current.App("web").Active);
        File.Delete(Current);
        Assert.Equal(1, Open().Current.App("web").Active);
    }

    [Fact]
    public void The_loss_of_both_copies_is_said_loudly()
    {
        _folder.Write("state.json", "{");
        _folder.Write("state.json.previous", "\0\0\0");

        Assert.Empty(Open().Current.Apps);

        Assert.Equal(4, _log.Lines.Count);
        Assert.All(_log.Lines.Where(line => !line.EndsWith(".damaged", StringComparison.Ordinal)), line => Assert.StartsWith("Error: ", line, StringComparison.Ordinal));
        Assert.Contains("starting with an empty one", _log.Lines.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public void State_of_a_newer_version_is_refused_not_lost()
    {
        const string newer = """{"version":3,"apps":{"web":{"active":{"number":3}}}}""";
        _folder.Write("state.json", newer);

        var refusal = Assert.Throws<StateException>(Open);

        Assert.Equal($"{Current} was written by a newer version of bluegreen (format 3, this one knows 2); install that version again", refusal.Message);
        Assert.Equal(newer, File.ReadAllText(Current));
    }

    [Fact]
    public void State_of_an_older_version_is_brought_up_to_date()
    {
        _folder.Write("state.json", """
            {"version":1,"apps":{"web":{"generation":5,"lastRelease":7,"active":7,"workers":[
                {"id":"web.7.1","release":7,"generation":5,"pid":4711,"startTicks":123456,"bootId":"boot","address":"127.0.0.1:40001"}]}}}
            """);

        var state = Open();

        Assert.Equal((7, 5L), (state.Current.App("web").Active, state.Current.App("web").ActiveGeneration));
        Assert.Empty(_log.Lines);
        state.Update("web", before => before with { Generation = 6 });
        Assert.Contains("\"version\": 2", File.ReadAllText(Current), StringComparison.Ordinal);
        Assert.Contains("\"version\":1", File.ReadAllText(Previous), StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_that_cannot_be_written_changes_nothing()
    {
        var state = Open();
        state.Update("web", before => before with { Active = 1 });
        // Works for root too, whom permissions do not stop: the name of the temporary file is taken by a folder.
        Directory.CreateDirectory(_folder["state.json.tmp"]);

        var refusal = Assert.Throws<StateException>(() => state.Update("web", before => before with { Active = 2 }));

        Assert.StartsWith($"cannot write {Current}: ", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
        Assert.Equal(1, state.Current.App("web").Active);
        Assert.Equal(1, Open().Current.App("web").Active);
        Directory.Delete(_folder["state.json.tmp"]);
        state.Update("web", before => before with { Active = 3 });
        Assert.Equal(3, Open().Current.App("web").Active);
    }

    [Fact]
    public void A_state_folder_that_is_gone_is_a_state_exception()
    {
        var state = Open();
        Directory.Delete(_folder.Path);

        Assert.Throws<StateException>(() => state.Update("web", before => before with { Active = 2 }));
    }

    [Fact]
    public void A_change_to_the_same_writes_nothing()
    {
        Open().Update(before => before);

        Assert.Empty(_folder.Tree());
    }

    [Fact]
    public void Changes_from_many_threads_are_all_kept()
    {
        var state = Open();

        Parallel.For(0, 50, i => state.Update($"app{i % 5}", before => before with { Generation = before.Generation + 1 }));

        Assert.All(Open().Current.Apps.Values, app => Assert.Equal(10, app.Generation));
    }

    private StateFile Open() => StateFile.Open(_folder.Path, _log);
}
