using System.Text;
using BlueGreen.EndToEnd.Tests.Harness;
using BlueGreen.Harness.Origins;

namespace BlueGreen.EndToEnd.Tests.Sources;

public sealed class BadSourceTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task What_cannot_be_had_is_one_line_and_changes_nothing()
    {
        var archive = PublishedSource.Archive(SampleRelease.Make(_folder, "good"));
        await using var origin = await Origin.StartAsync(context => context.Request.Path.Value switch
        {
            "/good.tar.gz" => new OriginFile(archive).ServeAsync(context),
            "/page" => new OriginFile(Encoding.UTF8.GetBytes("<!doctype html>")) { ContentType = "text/html" }.ServeAsync(context),
            "/half.tar.gz" => new OriginFile(archive.AsSpan(0, archive.Length / 2).ToArray()).ServeAsync(context),
            _ => NotFoundAsync(context),
        });
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);
        await front.SettledAsync();
        var stored = Stored();

        (string Source, int Code, string Line)[] cases =
        [
            ($"{origin.Url}none.tar.gz", 1, "(404)"),
            ($"http://me:s3cret@127.0.0.1:{origin.Url.Port}/none.tar.gz?signature=s3cret", 1, "(404)"),
            ($"{origin.Url}page", 1, "is a web page (HTML), not a release"),
            ($"{origin.Url}half.tar.gz", 1, "is damaged or incomplete"),
            ("ftp://example.com/x", 2, "'ftp://' is no source that is known"),
            ("s3://builds", 2, "write s3://BUCKET/KEY"),
        ];
        foreach (var (source, code, line) in cases)
        {
            var told = await front.RunAsync("deploy", source);
            Assert.True(told.Code == code, told.ToString());
            Assert.Contains(line, told.Output + told.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("s3cret", told.Output + told.Errors, StringComparison.Ordinal);
            Assert.Equal(stored, Stored());
            Assert.Equal(1, (await front.StatusAsync()).App().Active!.Release);
        }

        var slow = await front.DeployAsync($"{origin.Url}good.tar.gz");
        Assert.True(slow.Code == 0, slow.ToString());
        var progress = slow.Events.Last(told => told.Name == "fetching");
        Assert.Equal(archive.Length, progress.Number("bytes"));
        Assert.Equal(archive.Length, progress.Number("total"));
        Assert.Equal("good", slow.Event("switched").Text("label"));
        Assert.DoesNotContain("s3cret", front.Log, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_download_ends_with_the_time_there_is()
    {
        await using var origin = await Origin.StartAsync(async context =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.StartAsync(context.RequestAborted);
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        await using var front = await Front.StartAsync(_folder);
        var told = await front.DeployAsync($"{origin.Url}x.tar.gz", "--timeout", "1s");

        Assert.Equal(1, told.Code);
        Assert.Contains("it had not switched within 1 s (--timeout); it was still at fetching", told.Event("failed").Text("reason"), StringComparison.Ordinal);
        Assert.Empty(Stored());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_download_that_the_disk_has_no_room_for_leaves_nothing_and_the_next_one_works()
    {
        var archive = PublishedSource.Archive(SampleRelease.Make(_folder, "good"));
        await using var origin = await Origin.StartAsync(context =>
            new OriginFile(context.Request.Path == "/good.tar.gz" ? archive : new byte[20_000_000]).ServeAsync(context));
        var (front, _) = await SmallDisk.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await using var __ = front;
        await front.ActiveAsync(1);
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var told = await front.DeployAsync($"{origin.Url}large.tar.gz");
            Assert.Equal(1, told.Code);
            Assert.StartsWith("no space left in ", told.Event("failed").Text("reason"), StringComparison.Ordinal);
        }

        var good = await front.DeployAsync($"{origin.Url}good.tar.gz");
        Assert.True(good.Code == 0, good.ToString());
    }

    private static Task NotFoundAsync(Microsoft.AspNetCore.Http.HttpContext context)
    {
        context.Response.StatusCode = 404;
        return Task.CompletedTask;
    }

    private string[] Stored() => Directory.Exists(_folder.In("s", "releases", "web"))
        ? [.. Directory.EnumerateFileSystemEntries(_folder.In("s", "releases", "web")).Order(StringComparer.Ordinal)]
        : [];
}
