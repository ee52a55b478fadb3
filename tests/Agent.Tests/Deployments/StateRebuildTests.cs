using System.Globalization;
using System.Net;
using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Releases;
using BlueGreen.Agent.State;
using BlueGreen.Agent.Workers;

namespace BlueGreen.Agent.Tests.Deployments;

public sealed class StateRebuildTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>
    /// The stored releases; the marked one; the workers as RELEASE@GENERATION; then the active release with its generation, and the
    /// history.
    /// </summary>
    [Theory]
    // The mark is believed, whatever runs.
    [InlineData("5 6 7", "6", "6@3", "6@3", "5")]
    [InlineData("5 6 7", "6", "6@3 7@4", "6@3", "5")]
    [InlineData("5 6 7", "7", "6@3 7@4", "7@4", "5 6")]
    [InlineData("5 6 7", "6", "7@4", "6", "5")]
    [InlineData("5 6 7", "5", "", "5", "")]
    // One that is not stored cannot be started: the mark of it says nothing.
    [InlineData("5 7", "6", "7@4", "7@4", "5")]
    [InlineData("5 7", "6", "6@3", "7", "5")]
    [InlineData("", "6", "6@3", "", "")]
    // Without a mark, the workers tell.
    [InlineData("5 6 7", "", "6@3 6@3", "6@3", "5")]
    [InlineData("5 6 7", "", "6@3 7@4", "6@3", "5")]
    [InlineData("5 6 7", "", "7@4 6@3", "6@3", "5")]
    [InlineData("5 6 7", "", "5@2 6@3 7@4", "5@2", "")]
    [InlineData("5 6 7", "", "7@3 6@4", "7@3", "5 6")]
    [InlineData("6 7", "", "5@2 7@4", "7@4", "6")]
    // A restart has new workers of the same release.
    [InlineData("5 6 7", "", "6@3 6@4", "6@4", "5")]
    [InlineData("5 6 7", "6", "6@3 6@4 7@5", "6@4", "5")]
    // Nothing runs.
    [InlineData("5 6 7", "", "", "7", "5 6")]
    [InlineData("1", "", "", "1", "")]
    [InlineData("", "", "", "", "")]
    // What runs is not stored.
    [InlineData("5", "", "6@3", "5", "")]
    public void What_was_active_is_told_by_the_mark_then_by_the_workers_then_by_the_numbers(
        string stored, string marked, string running, string active, string history)
    {
        var state = Rebuild(stored, marked, 0, running);

        Assert.Equal(active, state.Active + (state.ActiveGeneration is { } generation ? $"@{generation}" : ""));
        Assert.Equal(history, string.Join(' ', state.History));
        Assert.Null(state.Deployment);
        Assert.Null(state.Probation);
        Assert.Null(AppStateCheck.Problem(state));
    }

    [Theory]
    [InlineData("5 6 7", "", 0, "", 7)]
    [InlineData("5 6 7", "", 9, "", 9)]
    [InlineData("5 6 7", "", 9, "11@4", 11)]
    [InlineData("5 6 7", "12", 9, "11@4", 12)]
    [InlineData("5 6 7", "6", 7, "6@8 7@3", 7)]
    [InlineData("", "", 0, "", 0)]
    public void No_release_number_is_given_out_again(string stored, string marked, int highest, string running, int lastRelease) =>
        Assert.Equal(lastRelease, Rebuild(stored, marked, highest, running).LastRelease);

    [Theory]
    [InlineData("")]
    [InlineData("6@8 7@3")]
    public void Generations_go_on_far_above_all_that_can_have_been_given_out(string running) =>
        Assert.Equal(Now.ToUnixTimeSeconds(), Rebuild("6 7", "6", 7, running).Generation);

    [Fact]
    public void Generations_that_were_counted_from_there_once_do_not_fall() =>
        Assert.Equal(Now.ToUnixTimeSeconds() + 5, Rebuild("6 7", "6", 7, $"6@{Now.ToUnixTimeSeconds() + 5}").Generation);

    [Theory]
    [InlineData("7", "6@3 7@4", "7@4", "5 6")]
    [InlineData("7", "6@3", "7", "5 6")]
    [InlineData("5", "5@9 6@3", "5@9", "")]
    [InlineData("6", "6@3 7@4", "6@3", "5")]
    [InlineData("", "6@3 7@4", "6@3", "5")]
    [InlineData("8", "6@3", "6@3", "5")]
    public void An_older_copy_is_put_right_by_the_mark(string marked, string running, string active, string history)
    {
        var copy = new AppState { Generation = 3, LastRelease = 6, Active = 6, ActiveGeneration = 3, History = [5] };

        var state = StateRebuild.Amend(copy, Stored("5 6 7"), marked.Length == 0 ? null : Number(marked), Workers(running));

        Assert.Equal(active, state.Active + (state.ActiveGeneration is { } generation ? $"@{generation}" : ""));
        Assert.Equal(history, string.Join(' ', state.History));
        Assert.True(state.Generation > Workers(running).Max(worker => worker.Generation));
        Assert.Null(AppStateCheck.Problem(AppStateCheck.WithCounters(state)));
    }

    [Fact]
    public void What_was_under_way_in_an_older_copy_is_still_under_way_unless_the_mark_says_that_it_has_switched()
    {
        var copy = new AppState { Generation = 4, LastRelease = 7, Active = 6, ActiveGeneration = 3, Deployment = new("deploy", "probing", 7, Now) };

        Assert.NotNull(StateRebuild.Amend(copy, Stored("6 7"), 6, []).Deployment);
        Assert.Null(StateRebuild.Amend(copy, Stored("6 7"), 7, []).Deployment);
    }

    [Fact]
    public void All_workers_of_the_app_are_written_down_and_none_of_another()
    {
        RunningWorker[] running = [Worker("web.6.1", 6, 3, 100), Worker("api.7.1", 7, 9, 101) with { App = "api" }, Worker("web.7.1", 7, 4, 102)];

        var state = StateRebuild.Of("web", Stored("6 7"), 6, 7, running, Now);

        Assert.Equal(
            [new JournaledWorker("web.6.1", 6, 3, 100, 5000, "boot", "http://127.0.0.1:40100"),
             new JournaledWorker("web.7.1", 7, 4, 102, 5000, "boot", "http://127.0.0.1:40102")],
            state.Workers);
    }

    [Theory]
    [InlineData("command", "./server")]
    [InlineData("Procfile", null)]
    public void The_newest_release_tells_what_was_deployed_last(string origin, string? command)
    {
        var newest = StoredRelease.Numbered(7);

        var state = StateRebuild.Of("web", [StoredRelease.Numbered(6), newest with { Command = newest.Command with { Origin = origin } }], 6, 7, [], Now);

        Assert.Equal(new LastDeploy("/srv/v7", command), state.LastDeploy);
    }

    private static AppState Rebuild(string stored, string marked, int highest, string running) => StateRebuild.Of(
        "web",
        Stored(stored),
        marked.Length == 0 ? null : Number(marked),
        highest,
        Workers(running),
        Now);

    private static RunningWorker[] Workers(string running) =>
        [.. Words(running).Select(word => word.Split('@')).Select((parts, i) => Worker($"web.{parts[0]}.{i}", Number(parts[0]), long.Parse(parts[1], CultureInfo.InvariantCulture), 100 + i))];

    private static RunningWorker Worker(string id, int release, long generation, int pid) =>
        new(id, "web", release, generation, new ProcessIdentity(pid, 5000, "boot"), new IPEndPoint(IPAddress.Loopback, 40000 + pid));

    private static Release[] Stored(string numbers) => [.. Words(numbers).Select(Number).Select(StoredRelease.Numbered)];

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
