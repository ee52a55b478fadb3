using BlueGreen.Faults.Jobs;

namespace BlueGreen.EndToEnd.Tests.Processes;

public sealed class JobHistoryTests
{
    [Fact]
    public void One_after_the_other_is_clean_and_the_time_between_them_is_a_gap()
    {
        var history = Of("begin 10 100 1 1", "tick 10 200 1 1", "end 10 250 1 1", "begin 11 400 2 2", "tick 11 500 2 2");

        Assert.True(history.IsClean);
        Assert.Equal([10, 11], history.Terms.Select(term => term.Pid));
        Assert.Equal([true, false], history.Terms.Select(term => term.HasEnded));
        var gap = Assert.Single(history.Gaps);
        Assert.True(gap.IsHandover);
        Assert.Equal((10, 11, TimeSpan.FromMilliseconds(150)), (gap.Before.Pid, gap.After.Pid, gap.Length));
    }

    [Fact]
    public void Two_that_live_at_once_are_an_overlap_with_its_length()
    {
        var history = Of("begin 10 100 1 1", "begin 11 230 2 2", "tick 10 300 1 1", "tick 11 330 2 2");

        var overlap = Assert.Single(history.Overlaps);
        Assert.Equal((10, 11, TimeSpan.FromMilliseconds(70)), (overlap.First.Pid, overlap.Second.Pid, overlap.Length));
        Assert.False(history.IsClean);
    }

    [Fact]
    public void One_that_lives_through_the_whole_life_of_another_overlaps_it()
    {
        var history = Of("begin 10 100 1 1", "begin 11 200 2 1", "end 11 260 2 1", "begin 12 300 3 1", "end 12 360 3 1", "end 10 900 1 1");

        Assert.Equal([11, 12], history.Overlaps.Select(overlap => overlap.Second.Pid));
        Assert.All(history.Overlaps, overlap => Assert.Equal(TimeSpan.FromMilliseconds(60), overlap.Length));
    }

    [Fact]
    public void Lines_out_of_order_are_put_in_order()
    {
        var history = Of("begin 11 400 2 2", "end 10 250 1 1", "begin 10 100 1 1");

        Assert.True(history.IsClean);
        Assert.Equal([10, 11], history.Terms.Select(term => term.Pid));
    }

    [Fact]
    public void A_lock_that_was_another_ones_is_a_clash_even_where_the_lines_show_no_overlap()
    {
        var history = Of("begin 10 100 1 1", "begin 11 150 2 2", "clash 11 151 2 2");

        Assert.Empty(history.Overlaps);
        Assert.Equal(11, Assert.Single(history.Clashes).Pid);
        Assert.False(history.IsClean);
    }

    [Theory]
    [InlineData("begin 10 100 5 1", "begin 11 200 4 1")]
    [InlineData("begin 10 100 5 1", "begin 11 200 5 1")]
    [InlineData("begin 10 100 5 1", "begin 12 150 7 1", "begin 11 200 6 1")]
    public void A_generation_that_does_not_grow_is_a_fall(params string[] lines)
    {
        var history = Of(lines);

        Assert.Equal(11, Assert.Single(history.Falls).Pid);
        Assert.False(history.IsClean);
    }

    [Fact]
    public void One_process_that_leads_twice_has_two_terms()
    {
        var history = Of("begin 10 100 1 1", "end 10 200 1 1", "begin 10 300 2 1", "end 10 400 2 1");

        Assert.True(history.IsClean);
        Assert.Equal([1L, 2L], history.Terms.Select(term => term.Generation));
        Assert.True(Assert.Single(history.Gaps).IsHandover);
    }

    [Fact]
    public void A_process_that_stalls_leaves_a_gap_that_is_no_handover()
    {
        var history = Of("begin 10 100 1 1", "tick 10 250 1 1", "tick 10 800 1 1");

        var gap = Assert.Single(history.Gaps);
        Assert.False(gap.IsHandover);
        Assert.Equal(TimeSpan.FromMilliseconds(550), gap.Length);
    }

    [Fact]
    public void What_workers_are_told_is_no_life()
    {
        var history = Of("standby 10 50 1 1", "leader 10 90 2 1", "begin 10 100 2 1", "draining 10 150 3 1", "end 10 170 2 1", "draining 10 900 4 1");

        Assert.Equal(2L, Assert.Single(history.Terms).Generation);
        Assert.Empty(history.Gaps);
    }

    [Theory]
    [InlineData("")]
    [InlineData("begin 10 100 1")]
    [InlineData("sleep 10 100 1 1")]
    [InlineData("begin 10 now 1 1")]
    public void What_is_no_line_is_refused(string line) => Assert.ThrowsAny<Exception>(() => JobLine.Parse(line));

    /// <summary>Made-up lines whose times are in milliseconds.</summary>
    private static JobHistory Of(params string[] lines) =>
        JobHistory.Of(lines.Select(JobLine.Parse).Select(line => line with { At = line.At * 1_000_000 }));
}
