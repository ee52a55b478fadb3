using System.Diagnostics;
using BlueGreen.Benchmarks.WarmUp;

namespace BlueGreen.EndToEnd.Tests.Benchmarks;

public sealed class FirstRequestsTests
{
    [Fact]
    public void After_a_slow_start_those_count_that_came_once_the_old_release_answered_none_any_more()
    {
        // 1 ms each before, then a share of 50 ms ones, then 1,000 of 2 ms, then others.
        LoadedRequest[] requests =
        [
            .. Sent(500, 1, "1"), .. Sent(10, 50, "2"), .. Sent(10, 1, "1"), .. Sent(989, 2, "2"), .. Sent(11, 7, "2"), .. Sent(100, 90, "2"),
        ];

        Assert.Equal(new FirstRequests(2, 7, 7), FirstRequests.AfterSwitch(requests, "2"));
        Assert.Equal(new FirstRequests(2, 7, 50), FirstRequests.AfterFirst(requests, "2") with { P99 = 7 });
    }

    [Fact]
    public void Too_few_are_no_measurement() =>
        Assert.Throws<InvalidOperationException>(() => FirstRequests.AfterSwitch([.. Sent(1, 1, "1"), .. Sent(999, 1, "2")], "2"));

    private static IEnumerable<LoadedRequest> Sent(int count, double milliseconds, string release) =>
        Enumerable.Range(0, count).Select(number => new LoadedRequest(number, (long)(milliseconds * Stopwatch.Frequency / 1000), release));
}
