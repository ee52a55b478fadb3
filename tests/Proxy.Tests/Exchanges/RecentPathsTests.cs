using System.Globalization;
using BlueGreen.Proxy.Exchanges;

namespace BlueGreen.Proxy.Tests.Exchanges;

public sealed class RecentPathsTests
{
    private readonly RecentPaths _paths = new(keepsQueries: false);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void The_most_frequent_come_first_and_no_more_than_asked_for()
    {
        Note("/a", 3);
        Note("/b", 5);
        Note("/c", 4);

        Assert.Equal(["/b", "/c", "/a"], _paths.MostFrequent(10));
        Assert.Equal(["/b", "/c"], _paths.MostFrequent(2));
        Assert.Empty(_paths.MostFrequent(0));
    }

    [Fact]
    public void Queries_are_cut_off()
    {
        Note("/search?q=my+illness", 2);
        Note("/search?token=SECRET", 2);
        Note("/?", 2);

        Assert.Equal(["/search", "/"], _paths.MostFrequent(10));
    }

    [Fact]
    public void Queries_are_kept_as_they_were_where_that_is_allowed()
    {
        var paths = new RecentPaths(keepsQueries: true);
        foreach (var target in (string[])["/p?page=1", "/p?page=2", "/p?page=2", "/p?page=2", "/p?page=1", "/p?%20=a?b"])
        {
            paths.Note(target);
        }

        Assert.Equal(["/p?page=2", "/p?page=1"], paths.MostFrequent(10));
    }

    [Fact]
    public void What_came_once_is_not_frequent()
    {
        Note("/confirm/8b1f", 1);

        Assert.Empty(_paths.MostFrequent(10));
    }

    [Theory]
    [InlineData("http://host/absolute")]
    [InlineData("*")]
    [InlineData("")]
    [InlineData("/with blank")]
    [InlineData("/caf\u00e9")]
    [InlineData("/line\n")]
    public void What_is_no_plain_path_is_left_out(string target)
    {
        Note(target, 3);

        Assert.Empty(_paths.MostFrequent(10));
    }

    [Fact]
    public void A_very_long_path_is_left_out()
    {
        Note("/" + new string('x', 255), 2);
        Note("/" + new string('y', 256), 2);

        Assert.Equal(["/" + new string('x', 255)], _paths.MostFrequent(10));
    }

    [Fact]
    public void Ever_new_paths_neither_fill_the_memory_nor_drive_out_the_frequent_ones()
    {
        for (var number = 0; number < 100_000; number++)
        {
            _paths.Note(string.Create(CultureInfo.InvariantCulture, $"/once/{number}"));
            if (number % 10 == 0)
            {
                _paths.Note("/home");
            }
        }

        Assert.Equal(["/home"], _paths.MostFrequent(10));
    }

    [Fact]
    public void What_was_asked_for_lately_outweighs_what_was_long_ago()
    {
        Note("/old", 20_000);
        Note("/new", 20_000);

        Assert.Equal(["/new", "/old"], _paths.MostFrequent(10));
    }

    [Fact(Timeout = 20_000)]
    public async Task Only_GETs_that_a_worker_answered_2xx_are_remembered_and_nothing_while_it_is_off()
    {
        await using var backend = await WebBackend.StartAsync(context =>
        {
            context.Response.StatusCode = int.Parse(context.Request.Path.Value![1..4], CultureInfo.InvariantCulture);
            context.Response.ContentType = context.Request.Path.Value.EndsWith("/stream", StringComparison.Ordinal) ? "text/event-stream" : "text/plain";
            return Task.CompletedTask;
        });
        await using var front = await FrontUnderTest.StartAsync(backend.Address);
        using var client = front.NewClient();
        await AskTwiceAsync(HttpMethod.Get, "/200/unseen");
        front.Upstream.RecentPaths = _paths;

        await AskTwiceAsync(HttpMethod.Get, "/200/seen?name=value");
        await AskTwiceAsync(HttpMethod.Get, "/204/seen");
        await AskTwiceAsync(HttpMethod.Get, "/200/stream");
        await AskTwiceAsync(HttpMethod.Get, "/302/away");
        await AskTwiceAsync(HttpMethod.Get, "/404/missing");
        await AskTwiceAsync(HttpMethod.Get, "/500/broken");
        await AskTwiceAsync(HttpMethod.Head, "/200/head");
        await AskTwiceAsync(HttpMethod.Post, "/200/post");
        await AskTwiceAsync(HttpMethod.Delete, "/200/delete");

        // The answer is there before it is counted.
        while (_paths.MostFrequent(10).Count < 2)
        {
            await Task.Delay(5, Token);
        }

        Assert.Equal(["/200/seen", "/204/seen"], _paths.MostFrequent(10));

        async Task AskTwiceAsync(HttpMethod method, string path)
        {
            for (var i = 0; i < 2; i++)
            {
                using var request = new HttpRequestMessage(method, path);
                using var response = await client.SendAsync(request, Token);
            }
        }
    }

    private void Note(string target, int times)
    {
        for (var i = 0; i < times; i++)
        {
            _paths.Note(target);
        }
    }
}
