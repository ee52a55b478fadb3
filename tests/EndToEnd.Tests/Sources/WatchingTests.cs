using BlueGreen.EndToEnd.Tests.Harness;
using BlueGreen.Harness.Origins;

namespace BlueGreen.EndToEnd.Tests.Sources;

public sealed class WatchingTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = 120_000)]
    [InlineData("folder")]
    [InlineData("file")]
    [InlineData("http")]
    [InlineData("s3")]
    [InlineData("github")]
    public async Task A_new_build_goes_live_by_itself_and_a_broken_one_does_not(string kind)
    {
        await using var source = await PublishedSource.StartAsync(kind, _folder);
        await source.PublishAsync(Make("one"), "v1");
        Configure($"{source.Yaml}, every: 1s");
        await using var front = await Front.StartAsync(_folder);
        await front.ActiveAsync(1);
        await using var load = await RunningLoad.StartAsync(front.Address);

        await source.PublishAsync(Make("two"), "v2");
        await front.ActiveAsync(2);

        await source.PublishAsync(Make("broken", "exit-at-start=7"), "v3");
        await LooksAsync(front, look => look.Result == "refused");
        // Looked at again and again, and left alone.
        await FurtherLooksAsync(front, 2);
        Assert.Equal(2, (await front.StatusAsync()).App().Active!.Release);
        Assert.Equal(1, front.Log.Split('\n').Count(line => line.Contains("The deploy of web failed", StringComparison.Ordinal)));
        Assert.Contains("not tried again until it changes", (await front.StatusAsync()).App().Source!.Detail, StringComparison.Ordinal);

        await source.PublishAsync(Make("four", "label=four"), "v4");
        await front.ActiveAsync(4);
        await load.FurtherAsync(200);
        var report = await load.StopAsync();
        Assert.True(report.IsFlawless, report.ToString());
        Assert.Equal(["1", "2", "4"], report.Releases.Select(seen => seen.Release));
        Assert.Equal(front.Pid, (await front.StatusAsync()).Pid);
        if (kind is "s3" or "github")
            Assert.Equal("v4", (await front.StatusAsync()).App().Active!.Label);
        Assert.DoesNotContain(Nginx.Password, front.Log, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Something_new_is_only_said_where_that_is_wanted()
    {
        await using var source = await PublishedSource.StartAsync("github", _folder);
        await source.PublishAsync(Make("one"), "v1");
        Configure($"{source.Yaml}, deploy: notify");
        await using var front = await Front.StartAsync(_folder);
        await front.ActiveAsync(1);
        Assert.Equal("web: github://acme/web: unchanged: v1 serves already", (await front.RunAsync("check")).Output);

        await source.PublishAsync(Make("two"), "v2");
        for (var time = 0; time < 2; time++)
        {
            var told = await front.RunAsync("check", "--json");
            Assert.Equal(0, told.Code);
            Assert.Contains("\"result\":\"available\"", told.Output, StringComparison.Ordinal);
            Assert.Contains("v2 is new; deploy it with 'bluegreen deploy github://acme/web --app web'", told.Output, StringComparison.Ordinal);
        }
        Assert.Equal(1, (await front.StatusAsync()).App().Active!.Release);
        Assert.Single(front.Log.Split('\n'), line => line.Contains("has something new: v2", StringComparison.Ordinal));

        Assert.Equal(0, (await front.DeployAsync("github://acme/web")).Code);
        Assert.Equal("web: github://acme/web: unchanged: v2 serves already", (await front.RunAsync("check")).Output);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_build_that_failed_is_not_tried_again_by_the_next_front_either_but_on_order()
    {
        await using var source = await PublishedSource.StartAsync("http", _folder);
        await source.PublishAsync(Make("one"), "v1");
        Configure(source.Yaml);
        await using (var front = await Front.StartAsync(_folder))
        {
            await front.ActiveAsync(1);
            await source.PublishAsync(Make("broken", "exit-at-start=7"), "v2");
            var told = await front.RunAsync("check");
            Assert.Equal(1, told.Code);
            Assert.Contains("refused: the deployment of web failed at probing: ", told.Output, StringComparison.Ordinal);
            Assert.Equal(0, await front.StopAsync());
        }

        await using var next = await Front.StartAsync(_folder);
        await next.ActiveAsync(1);
        Assert.Contains("unchanged: the deployment of web failed; it is not tried again until it changes", (await next.RunAsync("check")).Output, StringComparison.Ordinal);
        next.Signal(Signals.User2);
        await next.LoggedAsync("The deploy of web failed");
        await source.PublishAsync(Make("good"), "v3");
        next.Signal(Signals.User2);
        await Until.TrueAsync(async () => (await next.StatusAsync()).App().Active?.Release > 2);
        next.Signal(Signals.User2);
        await next.LoggedAsync("has nothing new: web serves already");
    }

    [Fact(Timeout = 60_000)]
    public async Task USR2_deploys_what_the_URL_deployed_last_has_now()
    {
        var file = new OriginFile(PublishedSource.Archive(Make("one")));
        await using var origin = await Origin.StartAsync(context => file.ServeAsync(context));
        await using var front = await Front.StartAsync(_folder, $"{origin.Url}web.tar.gz");
        await front.ActiveAsync(1);
        front.Signal(Signals.User2);
        await front.LoggedAsync("has nothing new: web serves already");

        file = new OriginFile(PublishedSource.Archive(Make("two"))) { Tag = "\"two\"" };
        for (var signal = 0; signal < 5; signal++)
            front.Signal(Signals.User2);
        await front.ActiveAsync(2);
        await front.SettledAsync();
        Assert.Equal(2, (await front.StatusAsync()).App().Active!.Release);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_source_that_fails_is_reported_once_and_tried_again()
    {
        var answer = new OriginFile(PublishedSource.Archive(Make("one")));
        await using var origin = await Origin.StartAsync(answer.ServeAsync);
        Configure($"url: {origin.Url}web.tar.gz, every: 1s");
        await using var front = await Front.StartAsync(_folder);
        await front.ActiveAsync(1);
        origin.Answer = context =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        };
        await LooksAsync(front, look => look.Result == "failed");
        await FurtherLooksAsync(front, 2);
        Assert.Single(front.Log.Split('\n'), line => line.Contains("nothing can be had from", StringComparison.Ordinal));

        origin.Answer = new OriginFile(PublishedSource.Archive(Make("two"))) { Tag = "\"two\"" }.ServeAsync;
        await front.ActiveAsync(2);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_was_rolled_back_stays_rolled_back_and_the_same_content_is_nothing_new()
    {
        var file = new OriginFile(PublishedSource.Archive(Make("one")));
        await using var origin = await Origin.StartAsync(context => file.ServeAsync(context));
        Configure($"url: {origin.Url}web.tar.gz, every: 1s");
        await using var front = await Front.StartAsync(_folder);
        await front.ActiveAsync(1);
        file = new OriginFile(PublishedSource.Archive(Make("two"))) { Tag = "\"two\"" };
        await front.ActiveAsync(2);
        Assert.Equal(0, (await front.RollbackAsync()).Code);
        file.Tag = "\"two again\"";
        await FurtherLooksAsync(front, 3);

        Assert.Equal(1, (await front.StatusAsync()).App().Active!.Release);
    }

    private string Make(string content, params string[] behaviour)
    {
        var path = SampleRelease.Make(_folder, "made", behaviour);
        File.WriteAllText(Path.Combine(path, "content"), content);
        return path;
    }

    private void Configure(string source) => _folder.Configure($"apps: {{web: {{probation: 0s, source: {{{source}}}}}}}\n");

    private static Task LooksAsync(Front front, Predicate<SourceStatus> wanted) => Until.TrueAsync(async () =>
        (await front.StatusAsync()).App().Source is { } source && wanted(source));

    private static async Task FurtherLooksAsync(Front front, int count)
    {
        for (var look = 0; look < count; look++)
        {
            var before = (await front.StatusAsync()).App().Source!.CheckedAt;
            await LooksAsync(front, source => source.CheckedAt > before);
        }
    }
}
