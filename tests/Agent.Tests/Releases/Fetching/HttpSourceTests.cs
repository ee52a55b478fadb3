using System.Text;
using BlueGreen.Agent.Releases.Fetching;
using BlueGreen.Agent.Releases.Fetching.Http;
using BlueGreen.Harness;
using BlueGreen.Harness.Origins;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Agent.Tests.Releases.Fetching;

public sealed class HttpSourceTests
{
    private const string Password = "s3cr3t";

    private static readonly byte[] Content = FetchBench.Archive(1000);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = 30_000)]
    [InlineData(404, "there is nothing at URL (404); check the address", 2)]
    [InlineData(401, "URL answered 401: it wants to know who asks; check source.auth (the password or token may have expired)", 1)]
    [InlineData(403, "URL answered 403: it refuses whoever asks; check source.auth and the rights that go with it", 2)]
    [InlineData(418, "URL answered 418, which is no download", 1)]
    [InlineData(500, "URL answered 500", 5)]
    [InlineData(503, "URL answered 503", 5)]
    [InlineData(429, "URL answered 429", 5)]
    public async Task An_error_is_one_line_and_only_what_may_pass_is_tried_again(int status, string line, int requests)
    {
        await using var bench = await FetchBench.StartAsync(new OriginFile(Content));
        bench.Origin.Answer = context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        };

        Assert.Equal(line.Replace("URL", $"{bench.Origin.Url}app.tar.gz", StringComparison.Ordinal), await bench.RefusalAsync());
        Assert.Equal(requests, bench.Origin.Requests.Count);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_server_that_is_busy_for_a_moment_is_asked_again_when_it_says()
    {
        var file = new OriginFile(Content);
        await using var bench = await FetchBench.StartAsync(file);
        var times = new List<long>();
        bench.Origin.Answer = context =>
        {
            times.Add(TimeProvider.System.GetTimestamp());
            if (times.Count > 1)
            {
                return file.ServeAsync(context);
            }

            context.Response.StatusCode = 503;
            context.Response.Headers.RetryAfter = "1";
            return Task.CompletedTask;
        };

        (await bench.StageAsync()).Release.Dispose();

        Assert.True(TimeProvider.System.GetElapsedTime(times[0], times[1]) >= TimeSpan.FromSeconds(0.9));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_server_that_is_not_there_is_said()
    {
        await using var bench = await FetchBench.StartAsync(new OriginFile(Content));
        var nobody = new Uri($"http://127.0.0.1:{FreePort.Find()}/app.tar.gz");
        Assert.Equal($"{nobody}: connection refused", await bench.RefusalAsync(FetchBench.Options(nobody)));
        var unknown = new Uri("http://no-such-host.invalid/app.tar.gz");
        Assert.StartsWith($"{unknown}: the host's name is not known", await bench.RefusalAsync(FetchBench.Options(unknown)), StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_server_that_does_not_answer_is_said()
    {
        await using var bench = await FetchBench.StartAsync(new OriginFile(Content));
        bench.Origin.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        var options = bench.Options() with { Connect = TimeSpan.FromSeconds(0.05), Stall = TimeSpan.FromSeconds(0.05) };

        Assert.Equal($"{bench.Origin.Url}app.tar.gz did not answer within 0.1 s", await bench.RefusalAsync(options));
    }

    [Theory(Timeout = 30_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_download_above_the_limit_is_refused_whether_its_length_is_told_or_not(bool told)
    {
        await using var bench = await FetchBench.StartAsync(new OriginFile(Content) { TellsLength = told });

        Assert.StartsWith(
            $"{bench.Origin.Url}app.tar.gz is larger than source.maxSize allows: ",
            await bench.RefusalAsync(bench.Options() with { MaxSize = Content.Length - 1 }), StringComparison.Ordinal);
        (await bench.StageAsync(bench.Options() with { MaxSize = Content.Length })).Release.Dispose();
    }

    [Theory(Timeout = 30_000)]
    [InlineData("text/html", "<!DOCTYPE html><title>Login</title>")]
    [InlineData("application/octet-stream", "\n <!doctype HTML>")]
    [InlineData("application/gzip", "<html><body>moved</body></html>")]
    public async Task A_web_page_in_place_of_a_release_is_called_one(string type, string page)
    {
        await using var bench = await FetchBench.StartAsync(new OriginFile(Encoding.UTF8.GetBytes(page)) { ContentType = type });

        Assert.Equal(
            $"{bench.Origin.Url}app.tar.gz is a web page (HTML), not a release; the address may be wrong, or lead to a login", await bench.RefusalAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task What_cannot_be_unpacked_is_called_by_its_address()
    {
        await using var bench = await FetchBench.StartAsync(new OriginFile(Content.AsSpan(0, 500).ToArray()));
        Assert.StartsWith($"{bench.Origin.Url}app.tar.gz is damaged or incomplete", await bench.RefusalAsync(), StringComparison.Ordinal);
        bench.Origin.Answer = new OriginFile("garbage"u8.ToArray()).ServeAsync;
        Assert.StartsWith($"{bench.Origin.Url}app.tar.gz is no archive", await bench.RefusalAsync(), StringComparison.Ordinal);
        bench.Origin.Answer = new OriginFile([]).ServeAsync;
        Assert.StartsWith($"{bench.Origin.Url}app.tar.gz is empty", await bench.RefusalAsync(), StringComparison.Ordinal);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("app.tar.gz", null, "app")]
    [InlineData("download?id=7", null, "download")]
    [InlineData("download", "attachment; filename=\"app-1.2.tar.gz\"", "app-1.2")]
    [InlineData("download", "attachment; filename=\"../../etc/app-1.3.tgz\"", "app-1.3")]
    [InlineData("app-1.4.tgz", "attachment; filename=other.tar.gz", "app-1.4")]
    [InlineData("a%20b.tar.gz", null, "a b")]
    [InlineData("", null, "release")]
    [InlineData("..%2f..%2fx.tar.gz", null, "x")]
    public async Task The_label_is_the_name_of_the_file(string path, string? disposition, string label)
    {
        var file = new OriginFile(Content);
        await using var bench = await FetchBench.StartAsync(file);
        bench.Origin.Answer = context =>
        {
            context.Response.Headers.ContentDisposition = disposition;
            return file.ServeAsync(context);
        };

        using var staged = (await bench.StageAsync(bench.Options(path))).Release;

        Assert.Equal(label, staged.Label);
        Assert.Contains(bench.Folder.Tree(), found => found.EndsWith("content/run", StringComparison.Ordinal));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_program_alone_can_be_executed()
    {
        await using var bench = await FetchBench.StartAsync(new OriginFile("#!/bin/sh\n"u8.ToArray()));
        using var staged = (await bench.StageAsync(bench.Options("server"))).Release;

        Assert.Equal("server", staged.Label);
        Assert.True(File.GetUnixFileMode(Path.Combine(staged.Directory, "server")).HasFlag(UnixFileMode.UserExecute));
    }

    [Theory(Timeout = 30_000)]
    [InlineData("\"one\"", null)]
    [InlineData("W/\"one\"", null)]
    [InlineData(null, 1)]
    public async Task What_is_known_is_asked_for_on_a_condition(string? tag, int? days)
    {
        var file = new OriginFile(Content) { Tag = tag, ModifiedAt = days is { } count ? DateTimeOffset.UnixEpoch.AddDays(count) : null };
        await using var bench = await FetchBench.StartAsync(file);
        using var source = new HttpSource(bench.Options(), new Uri(bench.Origin.Url, "app.tar.gz"), TimeProvider.System);
        var first = await source.LookAsync(known: null, Token);

        Assert.Null(await source.LookAsync(first!.Id, Token));
        Assert.All(bench.Origin.Requests, request => Assert.Equal("HEAD", request.Method));

        (file.Tag, file.ModifiedAt) = (tag?.Replace("one", "two", StringComparison.Ordinal), file.ModifiedAt?.AddSeconds(1));
        Assert.NotEqual(first.Id, (await source.LookAsync(first.Id, Token))!.Id);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_server_that_knows_only_GET_is_asked_in_that_way()
    {
        var file = new OriginFile(Content);
        await using var bench = await FetchBench.StartAsync(file);
        bench.Origin.Answer = context => context.Request.Method == "HEAD" ? Refuse(context) : file.ServeAsync(context);

        (await bench.StageAsync()).Release.Dispose();

        static Task Refuse(HttpContext context)
        {
            context.Response.StatusCode = 405;
            return Task.CompletedTask;
        }
    }

    [Theory(Timeout = 30_000)]
    [InlineData("in the URL", "Basic bWU6czNjcjN0")]
    [InlineData("configured", "Basic bWU6czNjcjN0")]
    [InlineData("token", "Bearer s3cr3t")]
    [InlineData("file", "Bearer s3cr3t")]
    [InlineData("variable", "Bearer s3cr3t")]
    public async Task Who_we_are_is_told_to_that_server_and_to_no_other_and_is_printed_nowhere(string how, string header)
    {
        var file = new OriginFile(Content);
        await using var bench = await FetchBench.StartAsync(file);
        await using var elsewhere = await Origin.StartAsync(file.ServeAsync);
        var path = bench.Folder.Write("token", Password + "\n");
        Environment.SetEnvironmentVariable("SOME_TOKEN_OF_A_TEST", Password);
        bench.Origin.Answer = context =>
        {
            context.Response.Redirect(context.Request.Path.Value switch
            {
                "/app.tar.gz" => "/again",
                "/again" => new Uri(elsewhere.Url, "stored/x.tar.gz").ToString(),
                var beside => new Uri(elsewhere.Url, $"stored{beside}").ToString(),
            });
            return Task.CompletedTask;
        };
        var url = new UriBuilder(new Uri(bench.Origin.Url, "app.tar.gz"));
        if (how == "in the URL")
        {
            (url.UserName, url.Password) = ("me", Password);
        }

        var options = FetchBench.Options(url.Uri) with
        {
            Auth = how switch
            {
                "configured" => new SourceAuth { User = "me", Password = new Secret(Password) },
                "token" => new SourceAuth { Token = new Secret(Password) },
                "file" => new SourceAuth { Token = new Secret(File: path) },
                "variable" => new SourceAuth { Token = new Secret(Variable: "SOME_TOKEN_OF_A_TEST") },
                _ => new SourceAuth(),
            },
        };

        using var staged = (await bench.StageAsync(options)).Release;
        Assert.All(bench.Origin.Requests, request => Assert.Equal(header, request.Authorization));
        Assert.All(elsewhere.Requests, request => Assert.Equal("", request.Authorization));
        Assert.NotEmpty(elsewhere.Requests);
        Assert.DoesNotContain(Password, staged.Source, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, options.ToString(), StringComparison.Ordinal);

        bench.Origin.Answer = context =>
        {
            context.Response.StatusCode = 401;
            return Task.CompletedTask;
        };
        staged.Dispose();
        Assert.DoesNotContain(Password, await bench.RefusalAsync(options), StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task Redirects_without_end_are_given_up()
    {
        await using var bench = await FetchBench.StartAsync(new OriginFile(Content));
        bench.Origin.Answer = context =>
        {
            context.Response.Redirect("/round");
            return Task.CompletedTask;
        };

        Assert.Equal($"{bench.Origin.Url}round is the 11th address in a row that redirects elsewhere", await bench.RefusalAsync());
        bench.Origin.Answer = context =>
        {
            context.Response.Redirect("ftp://elsewhere/x");
            return Task.CompletedTask;
        };
        Assert.Equal($"{bench.Origin.Url}app.tar.gz redirects to ftp, which is not followed from http", await bench.RefusalAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task Small_files_beside_it_can_be_read()
    {
        await using var bench = await FetchBench.StartAsync(new OriginFile(Content));
        bench.Origin.Answer = context => context.Request.Path.Value switch
        {
            "/d/app.tar.gz" => new OriginFile(Content).ServeAsync(context),
            "/d/app.tar.gz.sha256" => new OriginFile("abc"u8.ToArray()).ServeAnyAsync(context),
            "/d/page" => new OriginFile("<html>"u8.ToArray()) { ContentType = "text/html" }.ServeAsync(context),
            "/d/large" => new OriginFile(new byte[2_000_000]).ServeAsync(context),
            _ => NotFound(context),
        };
        using var source = new HttpSource(bench.Options(), new Uri(bench.Origin.Url, "d/app.tar.gz?signed=1"), TimeProvider.System);
        var version = (await source.LookAsync(null, Token))!;

        Assert.Equal("abc"u8.ToArray(), await version.ReadBesideAsync("app.tar.gz.sha256", Token));
        Assert.Null(await version.ReadBesideAsync("SHA256SUMS", Token));
        Assert.Null(await version.ReadBesideAsync("page", Token));
        await Assert.ThrowsAsync<SourceException>(() => version.ReadBesideAsync("large", Token));

        static Task NotFound(HttpContext context)
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        }
    }
}
