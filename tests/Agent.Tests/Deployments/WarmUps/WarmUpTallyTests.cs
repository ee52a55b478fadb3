using BlueGreen.Agent.Deployments.WarmUps;

namespace BlueGreen.Agent.Tests.Deployments.WarmUps;

public sealed class WarmUpTallyTests
{
    private static readonly WarmUpRequest A = new("GET", "/a"), B = new("GET", "/b");

    [Fact]
    public void Requests_are_given_out_round_by_round()
    {
        var tally = new WarmUpTally(new WarmUpOptions { Rounds = 2 }, [A, B]);

        Assert.Equal([(A, 0), (B, 0), (A, 1), (B, 1), (null, 2)], Enumerable.Range(0, 5).Select(_ => (tally.TakeNext(out var round), round)));
    }

    [Fact]
    public void The_slowest_answers_of_the_first_and_the_last_whole_round_are_told()
    {
        var tally = new WarmUpTally(new WarmUpOptions { Rounds = 3 }, [A, B]);
        tally.NoteAnswer(A, 0, 200, TimeSpan.FromMilliseconds(90));
        tally.NoteAnswer(B, 0, 200, TimeSpan.FromMilliseconds(300));
        Assert.Null(tally.Figures.LastRound);
        tally.NoteAnswer(B, 1, 200, TimeSpan.FromMilliseconds(3));
        tally.NoteAnswer(A, 1, 204, TimeSpan.FromMilliseconds(2));
        tally.NoteAnswer(A, 2, 200, TimeSpan.FromMilliseconds(50));

        Assert.Equal(
            new WarmUpFigures(5, 0, null, TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(3)), tally.Figures);
    }

    [Fact]
    public void After_a_refusal_nothing_more_is_given_out()
    {
        var tally = new WarmUpTally(new WarmUpOptions(), [A]);
        tally.NoteBroken(A, 0, "connection refused");
        tally.NoteAnswer(A, 1, 500, TimeSpan.Zero);

        Assert.Null(tally.TakeNext(out _));
        Assert.Equal("GET /a was not answered: connection refused", tally.Refusal);
    }

    [Fact]
    public void Several_workers_together_are_as_slow_as_the_slowest()
    {
        var one = new WarmUpFigures(3, 1, "x", TimeSpan.FromMilliseconds(5), null);
        var other = new WarmUpFigures(4, 2, "y", TimeSpan.FromMilliseconds(4), TimeSpan.FromMilliseconds(1));
        var third = new WarmUpFigures(1, 0, null, TimeSpan.Zero, TimeSpan.FromMilliseconds(2));

        Assert.Equal(
            new WarmUpFigures(8, 3, "x", TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(2)), WarmUpFigures.Combine([one, other, third]));
    }
}
