using BlueGreen.Benchmarks.Running;

namespace BlueGreen.EndToEnd.Tests.Benchmarks;

public sealed class RowResultTests
{
    [Fact]
    public void Subjects_are_compared_within_a_round_only()
    {
        // The machine was ten times slower in the second round; who is faster has not changed.
        var result = Of((0, "bluegreen", 900), (0, "nginx", 1000), (1, "bluegreen", 80), (1, "nginx", 100), (2, "bluegreen", 70));
        var ratio = result.Ratio("bluegreen", "nginx", Figure.Rate)!.Value;
        Assert.Equal(0.85, ratio.Median, 3);
        Assert.Equal((0.8, 0.9), (ratio.Least, ratio.Most));
        Assert.Null(result.Ratio("bluegreen", "Caddy", Figure.Rate));
    }

    [Fact]
    public void The_median_is_that_of_the_rounds_measured()
    {
        var result = Of((0, "nginx", 5), (1, "nginx", 1), (2, "nginx", 3));
        Assert.Equal(3, result.Median("nginx", Figure.Rate));
        Assert.Null(result.Median("nginx", Figure.P99));
    }

    private static RowResult Of(params (int Round, string Subject, double Rate)[] samples) => new(
        "get", "GET", Figure.Rate,
        [.. samples.Select(sample => new Sample(sample.Round, sample.Subject, new Dictionary<Figure, double> { [Figure.Rate] = sample.Rate }))],
        Load: 0);
}
