using BlueGreen.Harness.Origins;

namespace BlueGreen.Agent.Tests.Releases.Fetching;

public sealed class BrokenDownloadTests
{
    private static readonly byte[] Content = FetchBench.Archive();
    private static readonly byte[] Other = FetchBench.Archive(200_000);

    public static TheoryData<int, string> Tenths
    {
        get
        {
            var data = new TheoryData<int, string>();
            foreach (var how in new[] { "by its tag", "by its time", "from the beginning", "without a length" })
            {
                for (var tenth = 0; tenth < 10; tenth++)
                {
                    data.Add(tenth, how);
                }
            }

            return data;
        }
    }

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Tenths))]
    public async Task A_download_that_breaks_off_at_any_tenth_is_taken_up_again(int tenth, string how)
    {
        var file = new OriginFile(Content)
        {
            Tag = how == "by its time" ? null : "\"one\"",
            ModifiedAt = how == "by its time" ? DateTimeOffset.UnixEpoch.AddDays(1) : null,
            GivesRanges = how != "from the beginning",
            TellsLength = how != "without a length",
        };
        file.Breaks.Enqueue(Content.Length * tenth / 10);
        await using var bench = await FetchBench.StartAsync(file);
        using var expected = (await bench.StageAsync(bench.Options("whole/app.tar.gz"))).Release;
        file.Breaks.Enqueue(Content.Length * tenth / 10);

        using var staged = (await bench.StageAsync()).Release;

        Assert.Equal(expected.Digest, staged.Digest);
        Assert.Equal(Content.Length, bench.Progress[^1].Bytes);
        Assert.Equal(bench.Progress[^1].Bytes, bench.Progress[^1].Total);
    }

    [Fact(Timeout = 30_000)]
    public async Task One_that_breaks_off_at_every_tenth_goes_on_each_time_where_it_was()
    {
        var file = new OriginFile(Content);
        for (var tenth = 1; tenth < 10; tenth++)
        {
            file.Breaks.Enqueue(Content.Length * tenth / 10);
        }

        await using var bench = await FetchBench.StartAsync(file);
        using var staged = (await bench.StageAsync()).Release;

        Assert.Equal(Content.Length, bench.Progress[^1].Bytes);
        // A connection that is reset may take some of its last bytes with it; never more than it had brought.
        var starts = bench.Origin.Requests.Where(request => request.Range.Length > 0).Select(request => int.Parse(request.Range["bytes=".Length..].TrimEnd('-'), null)).ToArray();
        Assert.NotEmpty(starts);
        Assert.Equal(starts.Order(), starts);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_file_that_is_replaced_during_the_download_is_fetched_anew_and_never_mixed()
    {
        var (first, second) = (new OriginFile(Content), new OriginFile(Other) { Tag = "\"two\"" });
        first.Breaks.Enqueue(Content.Length / 2);
        await using var bench = await FetchBench.StartAsync(first);
        bench.Origin.Answer = context =>
        {
            var answer = (context.Request.Headers.Range.Count > 0 ? second : first).ServeAsync(context);
            first = context.Request.Headers.Range.Count > 0 ? second : first;
            return answer;
        };

        using var staged = (await bench.StageAsync()).Release;

        bench.Origin.Answer = second.ServeAsync;
        using var expected = (await bench.StageAsync()).Release;
        Assert.Equal(expected.Digest, staged.Digest);
    }

    [Fact(Timeout = 30_000)]
    public async Task One_that_is_replaced_again_and_again_is_refused()
    {
        var file = new OriginFile(Content);
        var count = 0;
        await using var bench = await FetchBench.StartAsync(file);
        bench.Origin.Answer = context =>
        {
            file.Tag = $"\"{count++}\"";
            return file.ServeAsync(context);
        };

        Assert.Equal(
            $"{bench.Origin.Url}app.tar.gz changed while it was being downloaded; deploy again when nothing publishes there any more",
            await bench.RefusalAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task A_download_that_is_cut_each_time_is_refused_and_leaves_nothing()
    {
        var file = new OriginFile(Content) { GivesRanges = false };
        for (var attempt = 0; attempt < 100; attempt++)
        {
            file.Breaks.Enqueue(1000);
        }

        await using var bench = await FetchBench.StartAsync(file);

        Assert.StartsWith($"the download from {bench.Origin.Url}app.tar.gz broke off: ", await bench.RefusalAsync(), StringComparison.Ordinal);
        Assert.Equal(5, bench.Origin.Requests.Count(request => request.Method == "GET"));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_download_that_stalls_is_refused()
    {
        await using var bench = await FetchBench.StartAsync(new OriginFile(Content));
        bench.Origin.Answer = async context =>
        {
            context.Response.ContentLength = Content.Length;
            if (context.Request.Method == "GET")
            {
                await context.Response.Body.WriteAsync(Content.AsMemory(0, 10), context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        };

        Assert.Equal(
            $"{bench.Origin.Url}app.tar.gz sent nothing for 0.1 s in the middle of the download",
            await bench.RefusalAsync(bench.Options() with { Stall = TimeSpan.FromSeconds(0.1) }));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_download_that_is_cancelled_leaves_nothing()
    {
        var begun = new TaskCompletionSource();
        await using var bench = await FetchBench.StartAsync(new OriginFile(Content));
        bench.Origin.Answer = async context =>
        {
            context.Response.ContentLength = Content.Length;
            if (context.Request.Method == "GET")
            {
                await context.Response.Body.WriteAsync(Content.AsMemory(0, 10), context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                begun.TrySetResult();
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        };
        using var cancel = new CancellationTokenSource();
        var staging = bench.Stager.StageAsync("web", bench.Options(), bench.Demands, bench.Progress.Add, cancel.Token);
        await begun.Task;
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => staging);
        Assert.DoesNotContain(bench.Folder.Tree(), path => path.StartsWith("releases/web/", StringComparison.Ordinal));
    }
}
